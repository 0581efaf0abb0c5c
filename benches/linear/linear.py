"""Fails where twice as long a post costs more than twice as much, or where it makes much more than it is.

    linear.py [--seconds N] [--seed N] [--program FILE]

Makes posts of pieces that people and attackers write, repeated and nested, each at one length and at twice that length, and counts
the instructions of building (and checking) a site of that post alone, by valgrind: no clock and no other program has a part in it.
What a site of an empty post costs is left out. The inputs that once took minutes come first. Then whatever time is left goes to
random ones; the seed is printed, so that any run can be repeated.
"""
import argparse
import concurrent.futures
import itertools
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How much more twice as long a post may cost. Sorting and growing tables take it a little over 2.
LIMIT = 2.3
# What one post may make: so many times its bytes, and so much besides.
TIMES, BESIDES = 50, 1_000_000
# Seconds, where all is well: two.
PATIENCE = 300
# How long the shorter of two posts is.
BYTES = 12_000

TAGS = """a abbr article aside audio b blockquote br button center code dd del details div dl dt em embed figcaption figure font
form h2 hr i iframe img input ins kbd li main map mark math noscript object ol option p picture pre q ruby rt s script section
select source span strong style sub summary sup svg table tbody td template textarea th tr u ul var video wbr xmp
mp-common-profile mp-style-type""".split()
PIECES = [
    "甲", "甲。", "a ", "文字，文字。", "\n", "\n\n", "  \n", "\t", "    ", "　　", "\r\n", "*", "**", "***", "_", "__", "~", "~~",
    "`", "``", "```", "~~~", "```js\n", "```没有\n", "\n```\n", "$", "$$", "[", "]", "(", ")", "](", "![", "[^", "[^1]", "[^1]: ",
    "[a]: b\n", "[a]", "[a][b]", "[甲](乙)", "![甲](乙.png)", "\\", "\\\n", "&", "&amp;", "&#1;", "&#x3c;", "<", ">", "> ", "\n> ",
    "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!x", "\n- ", "\n1. ", "\n  - ", "\n- [ ] ", "\n# ", "\n###### ", "#", "\n---\n",
    "\n===\n", "\n***\n", "|", "|--|\n", "\n| a | b |\n|--|--|\n", "| c | d |\n", "\n: ", "{: .x}", "{#x}", "{%", "%}", "{{", "}}",
    "{% raw %}", "{% endraw %}", "{% highlight js %}", "{% endhighlight %}", "{{ page.title }}", "{% include x a=b %}", "{:toc}",
    ":::", "\n:::tip\n", "\n:::\n", "\n!!! note\n    ", "^[", "{.x}", "[caption]", "[/caption]", "%%", "\\(", "\\)", "<p hidden>",
    "{% note a %}", "{% endnote %}", "{{< x >}}", "{{< /x >}}", "{% tabs a %}", "<!-- tab b -->", "{% btn a, b %}", "]({{ site.baseurl }}",
    "[TOC]", "[[甲]]", "![[甲.png]]", "https://a.example/", "www.a.example", "a@b.example", "“", "”", "《", "》", "（", "）", "——", "……",
    "\u200b", "\ufeff", "\u2028", "\x00", "\x08", "é", "👩‍💻", "\U00020000", "[!NOTE]", "\n> [!NOTE]\n> ", "\n[1] ", "[1]", "\n参考\n",
    "\n01\n", "\n**甲**\n", "\n图：", "='", "=\"", "'", "\"", " on", " onaa", " x=y", " class=a", " style='a:b'", "/>", "</", "--", "…",
] + [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + [f"\n<{tag} id=a href=b src=c>\n" for tag in TAGS]
LANGUAGES = "js ts json html css scss ini lua erlang r makefile d c cpp java python ruby php bash yaml xml markdown sql rust go".split()


def nest(opening, closing, count):
    return opening * count + closing * count


# Inputs that were not linear once, by what made them so, each for about so many bytes.
def known(size):
    def fill(piece, begin="", end=""):
        return begin + piece * max(1, size // len(piece.encode())) + end

    ticks, run = "", 1
    while len(ticks) < size:
        ticks, run = ticks + "甲" + "`" * run, run + 1
    yield "md", fill("<select>", "甲 ")
    for tag in "svg math button template noscript object".split():
        yield "md", fill(f"<{tag}>", "甲 ")
    yield "md", "".join(f"```语{n}\nx\n```\n" for n in range(size // 20))
    yield "md", nest("<form>", "</svg>", size // 12)
    yield "html", nest("<form>", "</svg>", size // 12)
    yield "md", "**甲** " + ticks
    yield "liquid.md", fill("{% raw %}\n")
    yield "liquid.md", fill("{% highlight js %}\n")
    yield "liquid.md", fill("{%", "{% raw %}\n", "%}")
    yield "liquid.md", fill("{{ page.title }}", "---\ntitle: " + "题" * 100 + "\n---\n")
    yield "md", "<p" + "".join(f" a{n}" for n in range(size // 7)) + ">x</p>\n"
    yield "html", "<p" + "".join(f" on{letters(n)}" for n in range(size // 7)) + ">x</p>\n"
    yield "md", "---\ntags: [" + ", ".join(f"标{n}" for n in range(size // 10)) + "]\n---\nx\n"
    hundred = lambda name: ", ".join(f"{name}{n}" for n in range(100))
    # Short ones: each tag has a page and feeds, each feed the title and the summary.
    yield "md", f"---\ntags: [{hundred('标')}]\n---\nx\n"
    yield "md", f"---\ntitle: {'题' * 300}\ndescription: {'要' * 1000}\ntags: [{hundred('标')}]\n---\nx\n"
    yield "md", "---\n" + "".join(f"{key}: [{hundred('标' * 30)}]\n" for key in ("tags", "categories", "authors")) + "---\nx\n"
    yield "md", fill("[^1] ", "甲", "\n\n[^1]: 注\n")
    yield "md", "甲" + "[^1] " * 3000 + "\n\n[^1]: 注\n"
    yield "md", fill(">")
    yield "md", fill("[")
    yield "md", nest("[", "]", size // 2)
    yield "md", nest("*a **b ", "** *", size // 12)
    yield "md", fill("- ")
    yield "md", fill("![")
    yield "md", fill("[^", "甲")
    yield "md", fill("[^\n")
    yield "md", fill("[^1]: ", "甲")
    yield "md", fill("]:", "[" + "a" * (size // 2))
    yield "md", fill(")", "https://a")
    yield "md", fill("<a ", "**x** ")
    yield "md", fill("](", "**x** ")
    yield "md", nest("<b>", "</i>", size // 8)
    yield "md", fill("<script>\n\n", "", "</script>\n")
    yield "md", fill("<style>\n\n")
    yield "md", fill("<!-- x\n\n")
    yield "md", fill("<div>")
    yield "html", fill("<p>\n")
    yield "md", fill("<b", "", ">")
    yield "md", fill("甲\n\n")
    for piece in (":::tip\n", "::::tip\n:::\n", "!!! note\n    ", "^[", "^[注]", "{.x}", "`x`{.x}", "[caption]", "[code]", "甲%%乙", "%%\n",
                  "<p hidden>", "<p hidden></p>", "\\(x\\)", "$$x\n", " ::", "- [甲]: 乙\n"):
        yield "md", fill(piece)
    yield "liquid.md", fill("{% comment %}")
    yield "liquid.md", fill("{% highlight a %}{% endhighlight %}")
    yield "md", fill("[a][b]\n\n", "[b]: /" + "x" * 500 + "\n\n")
    yield "md", fill("|", "", "\n") .replace("||", "|a|") + "|-" * (size // 8) + "|\n" + "|\n" * (size // 8)
    yield "md", "".join(f"[^{n}]: 注\n\n甲[^{n}]\n\n" for n in range(size // 30))
    yield "md", "".join(f"## 题\n\n" for n in range(size // 8))
    yield "md", "".join(f"[{n}]: /x\n" for n in range(size // 12))
    yield "md", "---\nredirect_from:\n" + "".join(f"  - /a{n}/\n" for n in range(size // 12)) + "---\nx\n"
    for language in "ini scss d lua erlang r makefile js".split():
        for mark in " (`":
            yield "md", f"```{language}\n" + (mark * 1_900 + "x\n") * max(1, size // 1_900) + "```\n"
    yield "jekyll.md", fill("{:", "甲")
    yield "jekyll.md", fill("{::comment}")


def letters(number):
    out = ""
    while number or not out:
        out, number = out + chr(97 + number % 26), number // 26
    return out


def known_recipe(number):
    kind, sample = list(known(100))[number]
    return kind, lambda size: list(known(size))[number][1], f"known {number}: {kind} {sample[:60]!r}"


def made_up(random_):
    """A recipe: a kind of file, and what makes a post of about so many bytes."""
    kind = random_.choice(["md"] * 6 + ["html", "html", "liquid.md", "liquid.md", "math.md", "raw.md", "raw.html", "strip.md", "jekyll.md"])
    pieces = random_.choices(PIECES, k=random_.randint(1, 6))
    shape = random_.choice(["repeat", "repeat", "repeat", "nest", "rows", "growing", "fenced"])
    head = random_.choice(["", "", "甲", "**甲** ", "".join(random_.choices(PIECES, k=3))])
    tail = random_.choice(["", "", "甲", "".join(random_.choices(PIECES, k=3))])
    language = random_.choice(LANGUAGES)

    def make(size):
        unit = "".join(pieces)
        count = max(1, size // max(1, len(unit.encode())))
        if shape == "repeat":
            body = unit * count
        elif shape == "nest":
            half = max(1, len(pieces) // 2)
            body = nest("".join(pieces[:half]), "".join(pieces[half:]), count)
        elif shape == "rows":
            body = (unit.replace("\n", " ") + "\n") * count
        elif shape == "growing":
            body, run = "", 1
            while len(body.encode()) < size:
                body, run = body + pieces[0] * run + "".join(pieces[1:]), run + 1
        else:
            body = f"```{language}\n{(unit.replace('```', '') * 20)[:1_900]}\n" * max(1, size // 2_000) + "```\n"
        return head + body + tail

    return kind, make, f"{kind} {shape} {pieces!r} head {head!r} tail {tail!r}" + (f" {language}" if shape == "fenced" else "")


def count(program, posts, folder):
    """For each post, given as (kind, text): the instructions of a site of it, and the bytes it makes."""
    folder.mkdir()
    files = []
    for number, (kind, text) in enumerate(posts):
        file = folder / f"{number}.{kind}"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        files.append(file)
    profile = folder / "profile"
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", "--combine-dumps=yes",
                "--dump-before=linear::build_one_post"]
    try:
        done = subprocess.run([*valgrind, program, *files], capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        shutil.rmtree(folder)
        return None
    if done.returncode != 0:
        sys.exit(f"the program failed:\n{done.stdout}{done.stderr[-2000:]}")
    # The first part is what comes before the first post; the last one's also holds the end of the program.
    totals = [int(total) for total in re.findall(r"^totals: (\d+)", profile.read_text(errors="replace"), re.M)][1:]
    made = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(made) == len(posts) == len(totals), f"{len(totals)} profiles of {len(posts)} posts"
    shutil.rmtree(folder)
    return list(zip(totals, made))


def judge(program, recipe, folder):
    """The ratio of what a post costs at twice the length, its name, what is wrong with it, and instructions a byte."""
    # Where a bound sets in between the two lengths, longer ones show it: HTML may nest 250 deep, and parsers are quadratic until then.
    # What costs next to nothing even then is looked at once more.
    for size in (BYTES, 4 * BYTES, 16 * BYTES):
        result = ratio, _, _, per_byte = judge_at(size, program, recipe, folder)
        if ratio <= LIMIT or size > BYTES and per_byte > 1_000:
            break
    return result


def judge_at(size, program, recipe, folder):
    kind, make, name = recipe
    posts = [(kind, "x"), (kind, make(size // 8)), (kind, make(size)), (kind, make(2 * size))]
    # The first two also load what is loaded once: the expressions of a language, the table of a script.
    counts = count(program, posts, folder)
    if counts is None:
        return LIMIT * 10, name, [f"is not done after {PATIENCE} seconds"], 0
    (empty, _), _, (once, (bytes_once, made_once)), (twice, (bytes_twice, made_twice)) = counts
    # Posts do not always come out twice as long.
    longer = bytes_twice / bytes_once
    # What hardly costs anything grows by chance.
    ratio = (twice - empty) / (once - empty) * 2 / longer if twice - empty > 20_000_000 else 0
    problems = []
    if ratio > LIMIT:
        problems.append(f"costs {ratio:.2f} times as much at twice the length: {once - empty:,} → {twice - empty:,} instructions")
    for bytes_, made in ((bytes_once, made_once), (bytes_twice, made_twice)):
        if made > TIMES * bytes_ + BESIDES:
            problems.append(f"{bytes_:,} bytes make {made:,}")
    return ratio, name, problems, (twice - empty) / bytes_twice


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=120, help="for random posts, after the known ones")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--program", default=None)
    parser.add_argument("--random-only", action="store_true", help="leave the known ones out")
    parser.add_argument("--known", type=int, default=None, help="only the known input of this number")
    arguments = parser.parse_args()
    if not shutil.which("valgrind"):
        subprocess.run("apt-get update -qq && apt-get install -y -qq valgrind", shell=True, check=True, stdout=subprocess.DEVNULL)
    program = arguments.program or built()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    assert len(PIECES) >= 60
    recipes = [known_recipe(number) for number in range(len(list(known(100))))]
    if arguments.known is not None:
        recipes = recipes[arguments.known:arguments.known + 1]
    random_recipes = (made_up(random.Random(seed * 1_000_003 + number)) for number in itertools.count())
    results = []
    with tempfile.TemporaryDirectory(prefix="linear-") as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        def look(recipe):
            result = judge(program, recipe, pathlib.Path(folder) / str(next(numbers)))
            if result[2]:
                print(f"{result[1]}\n  " + "\n  ".join(result[2]), flush=True)
            return result

        numbers = itertools.count()
        if not arguments.random_only:
            results += pool.map(look, recipes)
        start = time.monotonic()
        while arguments.known is None and time.monotonic() - start < arguments.seconds:
            results += pool.map(look, itertools.islice(random_recipes, 16))
    results.sort(key=lambda result: -result[0])
    print(f"{len(results)} posts of {len(PIECES)} pieces, seed {seed}: at twice the length at the most {results[0][0]:.2f} times the work (limit {LIMIT})")
    for ratio, name, _, per_byte in results[:3]:
        print(f"  {ratio:.2f}, {per_byte:,.0f} instructions a byte: {name}")
    return any(problems for _, _, problems, _ in results)


def built():
    """The program, built."""
    build = subprocess.run(["cargo", "bench", "--no-run", "--bench", "linear", "--message-format=json", "--quiet"],
                           cwd=ROOT, check=True, capture_output=True, text=True)
    return re.findall(r'"executable":"([^"]*linear-[^"]*)"', build.stdout)[-1]


if __name__ == "__main__":
    sys.exit(main())
