"""Races the preview of sitegen against Hugo's: from saving a post to new bytes, over a made-up archive.

    python3 benches/archive/preview.py                   10,000 articles, 20 edits of each kind
    python3 benches/archive/preview.py --posts 1000 --edits 5 --no-hugo

Sites, themes and Hugo are those of `race.py`. Both servers run all the time and take turns, one edit each and again. An edit
replaces the newest post as an editor that truncates and writes does; then its page is asked for every 5 ms until it has what was
written, and after it the feed of the site, which has whole posts, and for a title the home page, until they have it too. Times are from before the writing to the end
of the answer: whatever waits for the file system, for quiet, for rendering and for the network is in them. Hugo renders with
`--disableFastRender`, since otherwise its lists stay as they are.

`ready` is from starting the program until the home page has been answered: cold without what a build has kept, warm with it. Memory
is the most that the process took.
"""
import argparse
import contextlib
import http.client
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse

import generate
import race

EVERY = 0.005
LIMIT = 60


class Server:
    def __init__(self, name, command, port, posts, page, home="/", feed="/rss.xml"):
        self.name, self.port, self.page, self.home, self.feed = name, port, page, home, feed
        self.post = sorted(posts.glob("*.md"))[-1]
        self.text = self.post.read_text(encoding="utf-8")
        # The archive's files are links to those of the other site.
        race.replace(self.post, self.text)
        started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.until(home, b"<title", started)
        self.ready = time.perf_counter() - started

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return body if answer.status == 200 else b""

    def until(self, path, mark, started):
        while time.perf_counter() - started < LIMIT:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if mark in self.get(path):
                    return time.perf_counter() - started
            time.sleep(EVERY)
        sys.exit(f"{self.name}: {path} never had {mark.decode()}")

    def edit(self, kind, turn):
        """Milliseconds until the page is new, and until lists and feed are."""
        mark = f"记号{kind}{turn}次".encode()
        text = mark.decode()
        if kind == "title":
            new = re.sub(r"(?m)^title: .*$", f'title: "{text}"', self.text, count=1)
        elif kind == "beginning":
            head, body = self.text.split("\n---\n", 1)
            new = f"{head}\n---\n\n{text}。{body.lstrip()}"
        else:
            new = f"{self.text}\n{text}。\n"
        time.sleep(0.5)
        started = time.perf_counter()
        self.post.write_text(new, encoding="utf-8")
        page = self.until(self.page, mark, started)
        if kind == "title":
            self.until(self.home, mark, started)
        everything = self.until(self.feed, mark, started)
        self.post.write_text(self.text, encoding="utf-8")
        time.sleep(0.1)
        return page * 1e3, everything * 1e3

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sitegen(name, binary, site, port):
    posts = site / "posts"
    newest = sorted(posts.glob("*.md"))[-1].stem
    command = [binary, "serve", "--quiet", "--source", site, "--port", str(port)]
    return Server(name, command, port, posts, "/post/" + http_path(newest) + "/")


def hugo(binary, site, port, folder):
    posts = site / "content/posts"
    newest = sorted(posts.glob("*.md"))[-1].stem
    command = [binary, "server", "--source", site, "--port", str(port), "--bind", "127.0.0.1", "--disableFastRender"]
    command += ["--noBuildLock", "--renderToMemory", "--cacheDir", folder / "hugo-cache"]
    return Server("hugo server", command, port, posts, "/post/" + http_path(newest.lower()) + "/")


def http_path(name):
    return urllib.parse.quote(name)


def main(options, folder):
    binary = race.find_sitegen(options.sitegen)["sitegen"]
    generate.write_archive(folder / "posts", options.posts)
    sites = {}
    for theme in ("plain", "su"):
        config = race.LIKE_HUGO + f"theme: {theme}\n"
        sites[theme] = race.sitegen(binary, f"sitegen serve, {theme}", folder, folder / "posts", config).site
    servers, ready = [], {}
    for theme, site in sites.items():
        cold = sitegen(f"sitegen serve, {theme}", binary, site, free_port())
        ready[cold.name] = [cold.ready]
        cold.stop()
        subprocess.run([binary, "build", "--quiet", "--source", site, "--output", folder / "out"], check=False, stderr=subprocess.DEVNULL)
        servers.append(sitegen(cold.name, binary, site, free_port()))
        ready[cold.name].append(servers[-1].ready)
    if not options.no_hugo:
        program = race.find_hugo(options.hugo, folder)
        contender = race.hugo(program, folder, folder / "posts")
        servers.append(hugo(program, contender.site, free_port(), folder))
        ready["hugo server"] = [servers[-1].ready]
    kinds = {"end": "a sentence at the end: page, feed", "beginning": "a first sentence: page, feed", "title": "the title: page, home, feed"}
    times = {(server.name, kind): [] for server in servers for kind in kinds}
    try:
        for kind in kinds:
            for turn in range(1, options.edits + 1):
                for server in servers:
                    times[server.name, kind].append(server.edit(kind, turn))
        print(f"{options.posts:,} posts, medians of {options.edits} edits, fastest and slowest in brackets, ms\n")
        print("| | " + " | ".join(kinds.values()) + " | ready, cold | warm | memory |\n|---|" + "---|" * (len(kinds) + 3))
        for server in servers:
            cells = []
            for kind in kinds:
                all_done = [everything for _, everything in times[server.name, kind]]
                cells.append(f"{statistics.median(all_done):,.0f} ({min(all_done):,.0f}–{max(all_done):,.0f})")
            starts = [f"{seconds * 1e3:,.0f}" for seconds in ready[server.name]] + ["–"]
            print(f"| {server.name} | " + " | ".join(cells) + f" | {starts[0]} | {starts[1]} | {server.memory():,.0f} MB |")
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sitegen", type=pathlib.Path, metavar="PATH", help="default: target/dist/sitegen or target/release/…")
    parser.add_argument("--hugo", type=pathlib.Path, metavar="PATH")
    parser.add_argument("--no-hugo", action="store_true")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--folder", type=pathlib.Path, help="where to race; default: /dev/shm, or the system's temporary folder")
    options = parser.parse_args()
    with race.folder_to_race_in(options.folder) as folder:
        main(options, folder)
