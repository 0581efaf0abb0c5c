"""Builds the program that people download: `--profile dist`, optimised by a profile of its own work.

    python3 benches/archive/pgo.py               leaves target/dist/sitegen
    python3 benches/archive/pgo.py --profdata /usr/lib/llvm-19/bin/llvm-profdata

Three steps: a program that counts what it does; made-up archives built with it, cold, again, after an edit and after a change of the
template; the program itself, laid out by these counts. It takes two builds with link-time optimisation, a quarter of an hour on two cores.

The counts are merged by `llvm-profdata`, which `rustup component add llvm-tools` brings; one of LLVM 19 or later will do as well, and
is looked for on the path. Only what the program does here is made faster: the archives hold Markdown of all kinds, code in ten
languages, raw HTML, short posts.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import generate

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Kinds of archives and how many posts of each: together about a minute of work.
ARCHIVES = {"long": 1_500, "html": 300, "short": 3_000}
SETTINGS = "title: 文库\nbase_url: https://example.org\ntimezone: Asia/Shanghai\n"


def cargo(flags, folder):
    """Builds the program with flags for the compiler, in a folder of its own, since flags change all crates."""
    environment = {**os.environ, "RUSTFLAGS": flags, "CARGO_TARGET_DIR": str(folder)}
    # With a target named, build scripts are not counted.
    subprocess.run(["cargo", "build", "--profile", "dist", "--target", host()], cwd=ROOT, env=environment, check=True)
    return folder / host() / "dist/sitegen"


def host():
    said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in said.splitlines() if line.startswith("host:"))


def train(program, folder):
    for kind, count in ARCHIVES.items():
        site = folder / kind
        generate.write_archive(site / "posts", count, kind)
        (site / "site.yaml").write_text(SETTINGS, encoding="utf-8")
        shutil.copytree(ROOT / "benches/archive/plain", site / "themes/plain")
        build = [program, "build", "--quiet", "--source", site]
        run(build)
        run(build)
        post = sorted((site / "posts").iterdir())[count // 2]
        post.write_text(post.read_text(encoding="utf-8") + "\n\n补记：这一段原来没有。\n", encoding="utf-8")
        run(build)
        for theme in ("su", "plain"):
            (site / "site.yaml").write_text(f"{SETTINGS}theme: {theme}\n", encoding="utf-8")
            run(build)


def run(command):
    # 1 says that something in the content is wrong and everything else was built.
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode not in (0, 1):
        sys.exit(f"{command} failed")


def find_profdata():
    root = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    own = pathlib.Path(root) / "lib/rustlib" / host() / "bin/llvm-profdata"
    names = [str(own), *(f"llvm-profdata-{version}" for version in range(30, 18, -1)), "llvm-profdata"]
    found = next((path for path in map(shutil.which, names) if path), None)
    return found or sys.exit("no llvm-profdata: `rustup component add llvm-tools`, or name one with --profdata")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profdata", metavar="PATH", help="default: of rustup's llvm-tools, or on the path")
    options = parser.parse_args()
    profdata = options.profdata or find_profdata()
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        counts = pathlib.Path(folder) / "counts"
        train(cargo(f"-Cprofile-generate={counts}", ROOT / "target/pgo-counting"), pathlib.Path(folder))
        merged = ROOT / "target/pgo.profdata"
        subprocess.run([profdata, "merge", "-o", merged, *counts.glob("*.profraw")], check=True)
    program = cargo(f"-Cprofile-use={merged}", ROOT / "target/pgo")
    (ROOT / "target/dist").mkdir(exist_ok=True)
    shutil.copy2(program, ROOT / "target/dist/sitegen")
    print(ROOT / "target/dist/sitegen")
