"""Checks that every crate of the build is under a licence of the list, and that none is banned. Reads Cargo.lock through
`cargo metadata`; needs no network and no other tool."""
import json
import re
import subprocess
import sys

ALLOWED = {
    "MIT", "MIT-0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unicode-3.0",
    "MPL-2.0", "CC0-1.0", "CDLA-Permissive-2.0", "Unlicense", "BSL-1.0", "0BSD",
}
BANNED = {
    "tokio": "no async runtime in the pipeline",
    "openssl-sys": "no C beyond what is measured",
    "serde_yml": "RUSTSEC-2025-0068, unsound",
}
# Open advisories that are accepted, with the reason. The advisory database is looked up by hand at each update.
ACCEPTED = {
    "bincode": "RUSTSEC-2025-0141, unmaintained: syntect reads its own embedded, trusted dumps with 1.3 and has no other way",
}


def is_allowed(expression):
    expression = expression.replace("/", " OR ").strip()
    while expression.startswith("(") and expression.endswith(")") and expression.count("(") == 1:
        expression = expression[1:-1].strip()
    for group in re.findall(r"\(([^()]*)\)", expression):
        expression = expression.replace(f"({group})", "MIT" if is_allowed(group) else "none")
    if " AND " in expression:
        return all(is_allowed(part) for part in expression.split(" AND "))
    return any(part.strip() in ALLOWED for part in expression.split(" OR "))


metadata = json.loads(subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], check=True, capture_output=True).stdout)
problems = []
for package in metadata["packages"]:
    name, licence = package["name"], package["license"] or ""
    if not is_allowed(licence):
        problems.append(f"{name} {package['version']}: licence `{licence}` is not on the list")
    if name in BANNED:
        problems.append(f"{name} {package['version']}: banned, {BANNED[name]}")
    if package["source"] and not package["source"].startswith("registry+"):
        problems.append(f"{name} {package['version']}: comes from {package['source']}")
print("\n".join(problems) or f"{len(metadata['packages'])} crates, all licences on the list")
sys.exit(bool(problems))
