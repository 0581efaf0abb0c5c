"""Writes an archive of made-up Chinese articles, the same ones every time.

    generate.py --posts N --out DIR [--kind long|short|brief|html]

The posts go to DIR/posts/. Post i depends on i and the kind alone, so a larger archive begins with the smaller one.

- long: median 14 KB, one in twenty above 33 KB; headings, lists, quotes, tables, links; 3 to 6 tags of a pool in which few are
  common and most are rare; one post in five has a block of code.
- short: 400 to 900 bytes. Posts of a tag, an author, a month and a word of the title are as many in a large archive as in a
  small one, so that the work for one post may not depend on how many there are.
- brief: the same with 2 KB of text.
- html: 28 KB of raw HTML, as it is taken from a page of WeChat.
"""
import argparse
import datetime
import math
import multiprocessing
import pathlib
import random
import re

from vocabulary import CODE, FAR, FIELD, GIVEN, IDEA, KIND, LATIN, NEAR, SURNAMES, THING, WORDS
from vocabulary import HEADINGS, MARKED, PICTURES, ROWS, SCRAPED_PICTURES, SENTENCES, STRESSED, TITLES

# An article has words of its own, as articles do: it uses so many of each class.
USED = 12
TAG_HEADS, TAG_TAILS = FIELD + THING, IDEA + KIND
LAST_DAY = datetime.datetime(2024, 12, 31)


def post(number, kind="long", date=None):
    """The name of a post's file, and its text. A date given goes before the post's own."""
    rng = random.Random(f"{kind} {number}")
    words = {name: rng.sample(all_words, USED) for name, all_words in WORDS.items()}
    own_date, title, author, tags = steady_card(number) if kind in ("short", "brief") else card(number, rng, words)
    date = date or own_date
    body = {"long": article, "short": note, "brief": notes, "html": scraped}[kind](rng, words)
    slug = re.sub(r"\W+", "-", title)
    # An odd factor gives every number below 2^24 an end of its own.
    name = f"{date:%Y-%m-%d}-{slug}-{number * 0x9E3779B1 & 0xFFFFFF:06x}.md"
    front = f"layout: post\ndate: {date:%Y-%m-%d %H:%M:%S} +0800\ntitle: \"{title}\"\nauthor: {author}\ntags: [{', '.join(tags)}]"
    return name, f"---\n{front}\n---\n\n{body}\n"


def card(number, rng, words):
    """Date, title, author and tags where few tags and authors are common and most are rare, and new ones keep turning up."""
    date = LAST_DAY - datetime.timedelta(seconds=rng.randrange(16 * 365 * 86_400))
    author = compound(SURNAMES, GIVEN, rank(rng, min(300, 20 + number * 3 // 100)))
    tags, pool, wanted = [], min(4500, 40 + number // 2), rng.randint(3, 6)
    while len(tags) < wanted:
        tag = tag_named(rank(rng, pool))
        if tag not in tags:
            tags.append(tag)
    return date, fill(rng, words, TITLES), author, tags


def steady_card(number):
    """The same where everything that posts share is shared by as many, whatever the size of the archive."""
    century, place = divmod(number, 100)
    tags = [tag_named(50 * century + (3 * place + nth) % 50) for nth in range(3)]
    author = compound(SURNAMES, GIVEN, 4 * century + place % 4)
    month, nth = divmod(number, 20)
    # There is no year 0: above 240,000 posts a month has more of them.
    year, month = divmod(2024 * 12 + 11 - month % 12_000, 12)
    date = datetime.datetime(year, month + 1, 1 + nth, 8 + nth % 12, number % 60)
    # Marks between the words keep their pairs of characters apart from each other.
    here, there = (compound(NEAR, FAR, 20 * century + at % 20) for at in (place, place + 1 + place // 20))
    return date, f"{here}、{there}：{KIND[number % 28]}", author, tags


def rank(rng, pool):
    """A place in a pool, the lower the likelier, as words are in a text (Zipf), the first few being less common than that."""
    return int(8 * (1 + pool / 8) ** rng.random()) - 8


def tag_named(number):
    """The tag of that rank: a word, then words of two parts."""
    return TAG_HEADS[number] if number < len(TAG_HEADS) else compound(TAG_HEADS, TAG_TAILS, number - len(TAG_HEADS))


def compound(heads, tails, number):
    """The name of that number; once all pairs are used up, with a number behind it."""
    turn, at = divmod(number, len(heads) * len(tails))
    line, column = divmod(at, len(heads))
    return heads[column] + tails[(line + 7 * column) % len(tails)] + (str(turn + 1) if turn else "")


def fill(rng, words, choices):
    """One of the patterns with words in it. Most of the time is spent here, hence no `choice`, which takes four times as long."""
    at = rng.random
    form, classes = choices[int(at() * len(choices))]
    return form % tuple([words[name][int(at() * USED)] for name in classes])


def article(rng, words):
    size = 14_000 * math.exp(rng.gauss(0, 0.54))
    blocks, written = [paragraph(rng, words)], 0
    while written < size:
        block = rng.choices(BLOCKS, SHARES)[0](rng, words)
        blocks.append(block)
        # Three bytes to a Han character; the rest is little.
        written += len(block) * 2.9
    if rng.random() < 0.2:
        blocks.insert(len(blocks) // 2, code(rng))
    return "\n\n".join(blocks)


def note(rng, words):
    """What is left of an article when nothing but the fixed work of a post is to be measured."""
    opening = f"{fill(rng, words, SENTENCES)}{fill(rng, words, MARKED)}"
    rest = "".join(fill(rng, words, SENTENCES) for _ in range(rng.randint(2, 5)))
    return f"{opening}\n\n## {fill(rng, words, HEADINGS)}\n\n{rest}"


def notes(rng, words):
    return "\n\n".join(note(rng, words) for _ in range(4))


def sentences(rng, words, count):
    return "".join([fill(rng, words, MARKED if rng.random() < 0.1 else SENTENCES) for _ in range(count)])


def paragraph(rng, words):
    return sentences(rng, words, rng.randint(2, 6))


def heading(rng, words):
    return f"{'##' if rng.random() < 0.7 else '###'} {fill(rng, words, HEADINGS)}"


def points(rng, words):
    mark = "-" if rng.random() < 0.6 else "1."
    return "\n".join(f"{mark} {sentences(rng, words, 1)}" for _ in range(rng.randint(3, 6)))


def quote(rng, words):
    return "\n>\n".join(f"> {sentences(rng, words, 2)}" for _ in range(rng.randint(1, 2)))


def table(rng, words):
    rows = "\n".join(fill(rng, words, ROWS) for _ in range(rng.randint(3, 7)))
    return f"| 年份 | 物件 | 经手 | 件数 |\n|---|---|---|---:|\n{rows}"


def picture(rng, words):
    return fill(rng, words, PICTURES)


BLOCKS = [paragraph, heading, points, quote, table, picture]
SHARES = [74, 11, 5, 5, 1.5, 3.5]


def code(rng):
    """A block of ten to twenty lines or so, in one of ten languages."""
    language = rng.choice(list(CODE))
    first, middle, last = CODE[language]
    # A line that opens a block of Python keeps the one below it.
    lines = re.findall(r"[^\n]+:\n {8}[^\n]+|[^\n]+", middle)
    text = "\n".join([first, *rng.choices(lines, k=rng.randint(8, 15)), last])
    names = [f"{rng.choice(LATIN)}_{rng.choice(LATIN)}" for _ in range(7)]
    made = {"NAME": lambda: rng.choice(names), "NUMBER": lambda: str(rng.randrange(2, 5000)), "TEXT": lambda: rng.choice(LATIN)}
    return f"```{language}\n{re.sub('NAME|NUMBER|TEXT', lambda found: made[found[0]](), text)}\n```"


def scraped(rng, words):
    size = 28_000 * math.exp(rng.gauss(0, 0.4))
    sections, written = [], 0
    while written < size:
        section = scraped_section(rng, words)
        sections.append(section)
        written += len(section.encode())
    return "\n\n".join(sections)


def scraped_section(rng, words):
    colour = ", ".join(str(rng.randrange(256)) for _ in range(3))
    outer = f"margin: {rng.randrange(24)}px 8px; padding: 0px; box-sizing: border-box; line-height: 1.{rng.randrange(5, 10)}em;"
    inner = f"font-size: {rng.randrange(14, 18)}px; letter-spacing: {rng.randrange(1, 3)}px; color: rgb({colour});"
    lines = [f'<section style="text-align: center;"><strong style="{inner}">{fill(rng, words, HEADINGS)}</strong></section>']
    for _ in range(rng.randint(2, 6)):
        text = "".join(fill(rng, words, SENTENCES) for _ in range(rng.randint(1, 4)))
        stressed = fill(rng, words, STRESSED) if rng.random() < 0.4 else ""
        lines.append(f'<p style="{outer}"><span style="{inner}">{text}{stressed}</span></p>')
        if rng.random() < 0.2:
            lines.append('<p style="margin: 0px;"><br></p>')
    if rng.random() < 0.5:
        lines.append(fill(rng, words, SCRAPED_PICTURES))
    text = "\n".join(lines)
    return f'<section style="{outer}">\n<section data-role="paragraph" style="max-width: 100%;">\n{text}\n</section>\n</section>'


def write_archive(folder, count, kind="long"):
    """Writes the first posts of a kind into a folder, on all cores."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    parts = [(folder, range(start, min(start + 100, count)), kind) for start in range(0, count, 100)]
    with multiprocessing.Pool() as pool:
        pool.starmap(write_posts, parts, chunksize=1)


def write_posts(folder, numbers, kind):
    for number in numbers:
        name, text = post(number, kind)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--kind", choices=["long", "short", "brief", "html"], default="long")
    options = parser.parse_args()
    write_archive(options.out / "posts", options.posts, options.kind)
