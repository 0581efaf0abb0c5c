"""Fails where the work for one post grows with the number of posts.

    growth.py [SITEGEN]          default: target/release/sitegen

Builds archives of 1,000 and of 4,000 short posts, whose tags, authors and months have as many posts in the one as in the other,
and counts instructions by valgrind: no clock, no disk and no other program has a part in it. What any build costs, taken from a
site of ten posts, is left out, since it would hide growth. Two cases: a cold build, and the same build once more.
"""
import collections
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import generate

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEW, SMALL, LARGE = 10, 1000, 4000
# By how much the instructions per post may differ between the two archives.
LIMITS = {"cold": 0.15, "nothing changed": 0.15}


def count_instructions(sitegen, site, profile):
    """The instructions of one build, by function. On one thread, so that none is spent on waiting for others."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={profile}"]
    build = ["env", "RAYON_NUM_THREADS=1", *valgrind, sitegen, "build", "--quiet", "--source", site]
    done = subprocess.run(build, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the build of {site.name} posts failed:\n{done.stdout}{done.stderr}")
    instructions = collections.Counter()
    for line in profile.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("fn="):
            function = line[3:]
        elif line[:1].isdigit():
            instructions[function] += int(line.split()[1])
    refs = re.search(r"I +refs: +([\d,]+)", done.stderr)
    assert int(refs[1].replace(",", "")) == instructions.total(), "the profile is read as valgrind meant it"
    return instructions


def profiles(sitegen, folder):
    """For each case and each size of an archive, the instructions by function. The archives are built at once, on all cores."""
    sizes = (FEW, SMALL, LARGE)
    for count in sizes:
        site = folder / str(count)
        generate.write_archive(site / "posts", count, "short")
        (site / "site.yaml").write_text("title: 文库\nbase_url: https://example.org\ntimezone: Asia/Shanghai\n", encoding="utf-8")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        of_site = list(pool.map(lambda count: build_twice(sitegen, folder / str(count)), sizes))
    return {case: dict(zip(sizes, instructions)) for case, instructions in zip(LIMITS, zip(*of_site))}


def build_twice(sitegen, site):
    return [count_instructions(sitegen, site, site / f"profile-{number}") for number, _ in enumerate(LIMITS)]


def per_post(sizes, count_in):
    """What a post costs in the small archive and in the large one, by a way to count in a profile."""
    return [(count_in(sizes[count]) - count_in(sizes[FEW])) / (count - FEW) for count in (SMALL, LARGE)]


def grown_functions(sizes):
    """The functions that a post in the large archive spends more on, those that grew most first."""
    lines = ["", "| instructions per post | in 1,000 posts | in 4,000 posts | function |", "|---:|---:|---:|---|"]
    grown = {function: per_post(sizes, lambda profile: profile[function]) for function in sizes[LARGE]}
    for function, (small, large) in sorted(grown.items(), key=lambda item: item[1][0] - item[1][1])[:12]:
        lines.append(f"| {large - small:+,.0f} | {small:,.0f} | {large:,.0f} | `{function}` |")
    return "\n".join(lines)


def main(sitegen):
    if not shutil.which("valgrind"):
        subprocess.run("apt-get update -qq && apt-get install -y -qq valgrind", shell=True, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        found = profiles(sitegen, pathlib.Path(folder))
    print("| instructions per post | in 1,000 posts | in 4,000 posts | growth | limit |\n|---|---:|---:|---:|---:|")
    too_much = []
    for case, limit in LIMITS.items():
        small, large = per_post(found[case], collections.Counter.total)
        print(f"| {case} | {small:,.0f} | {large:,.0f} | {large / small - 1:+.1%} | ±{limit:.0%} |")
        if abs(large / small - 1) > limit:
            too_much.append(case)
    for case in too_much:
        print(f"\n{case}: the work for one post depends on the number of posts{grown_functions(found[case])}")
    return bool(too_much)


if __name__ == "__main__":
    if sys.argv[1:2] in (["-h"], ["--help"]):
        sys.exit(print(__doc__))
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/sitegen"))
