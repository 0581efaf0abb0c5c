"""Kills builds at random moments, and looks at what the next one makes of it.

    python3 benches/archive/killed.py target/release/sitegen
    python3 benches/archive/killed.py target/release/sitegen --kills 1000 --posts 2000 --seed 7 --signal INT

In each round posts are altered, added and taken away, a build is begun and killed, and another one is let run. Then the output must
be the tree that a fresh build makes elsewhere, and no file of sitegen's may lie about. A file that others put into the output stays
as it is throughout.
"""
import argparse
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from generate import post

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("sitegen", type=pathlib.Path)
parser.add_argument("--kills", type=int, default=200)
parser.add_argument("--posts", type=int, default=300)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--signal", default="KILL", choices=["KILL", "INT", "TERM"])
options = parser.parse_args()
program = str(options.sitegen.resolve())


def tree(folder):
    """The files of a built site by name, but for dot-entries at its root."""
    files = (path for path in folder.rglob("*") if path.is_file())
    names = ((path.relative_to(folder).as_posix(), path) for path in files)
    return {name: path.read_bytes() for name, path in names if not name.startswith(".")}


def drafts(folder):
    """Files of sitegen's that are no part of a finished build."""
    kept = {".sitegen-files"}
    return [path for path in folder.rglob(".sitegen-*") if path.name not in kept]


def build(site, *more):
    return subprocess.Popen([program, "build", "-q", "-s", str(site), *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fail(round, why):
    sys.exit(f"round {round}, seed {options.seed}: {why}")


rng = random.Random(options.seed)
with tempfile.TemporaryDirectory() as folder:
    site, fresh = pathlib.Path(folder, "site"), pathlib.Path(folder, "fresh")
    posts = site / "posts"
    posts.mkdir(parents=True)
    (site / "site.yaml").write_text("title: 站\nbase_url: https://example.org\n", encoding="utf-8")
    archive = [post(number, "short") for number in range(options.posts)]
    for name, text in archive:
        (posts / name).write_text(text, encoding="utf-8")
    start = time.monotonic()
    if build(site).wait() != 0:
        fail(0, "the first build failed")
    whole = time.monotonic() - start
    (site / "output/letter").write_text("somebody's", encoding="utf-8")
    cut_off = with_drafts = 0
    for round in range(1, options.kills + 1):
        for name, text in archive:
            chance = rng.random()
            if chance < 0.05:
                (posts / name).unlink(missing_ok=True)
            elif chance < 0.6:
                (posts / name).write_text(f"{text}\n\n第 {round} 稿。\n", encoding="utf-8")
        running = build(site)
        time.sleep(rng.uniform(0, whole))
        running.send_signal(getattr(signal, f"SIG{options.signal}"))
        status = running.wait()
        cut_off += status != 0
        left = drafts(site)
        with_drafts += any("output" in path.parts and path.name != ".sitegen-lock" for path in left)
        if options.signal != "KILL" and any("output" in path.parts and path.name != ".sitegen-lock" for path in left):
            fail(round, f"left behind by a build that was told to end: {left}")
        if build(site).wait() != 0:
            fail(round, "the next build failed")
        if left := drafts(site):
            fail(round, f"left over: {left}")
        if build(site, "--fresh", "-o", str(fresh)).wait() != 0:
            fail(round, "the fresh build failed")
        made, wanted = tree(site / "output"), tree(fresh)
        if made.pop("letter", None) != b"somebody's":
            fail(round, "the letter is gone")
        if made != wanted:
            differing = sorted(name for name in made.keys() | wanted.keys() if made.get(name) != wanted.get(name))
            fail(round, f"not what a fresh build makes: {differing[:5]}")
    print(f"{options.kills} builds of {options.posts} posts told to end by SIG{options.signal}: {cut_off} were cut off, "
          f"{with_drafts} left drafts in the output; each next build made what a fresh one makes and left nothing over")
