"""Makes words.zlib, the dictionary that `src/keywords` reads, from jieba's dict.txt and idf.txt.

    python3 -m venv v && v/bin/pip install jieba==0.42.1
    python3 dictionary/make.py v/lib/python3*/site-packages/jieba dictionary/words.zlib

Both files of jieba 0.42.1 are the ones that jieba-rs 0.11 carries. The column of parts of speech is left out: nothing here
asks for it. A zlib stream of six parts, one after the other; a number is LEB128, its lowest seven bits first:

    number of words, number of weights
    for each word in order of its bytes: how many bytes it shares with the word before
    for each word: the bytes that it does not share, and a line feed
    for each word: its frequency and one, or 0 where dict.txt has it not
    for each word: which weight it has, counted from one, or 0 where idf.txt has it not
    the weights as idf.txt writes them, rising, each with a line feed
"""
import pathlib
import sys
import zlib


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def columns(path):
    for line in path.read_text("utf-8-sig").splitlines():
        yield line.split()


jieba, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
frequency = {word: int(count) for word, count, _ in columns(jieba / "dict.txt")}
weight = dict(columns(jieba / "analyse" / "idf.txt"))
weights = sorted(set(weight.values()), key=float)
place = {text: index + 1 for index, text in enumerate(weights)}
words = sorted(word.encode() for word in frequency.keys() | weight.keys())

shared, rest, previous = bytearray(), bytearray(), b""
for word in words:
    length = 0
    while length < min(len(word), len(previous)) and word[length] == previous[length]:
        length += 1
    shared += number(length)
    rest += word[length:] + b"\n"
    previous = word
names = [word.decode() for word in words]
parts = [
    number(len(words)) + number(len(weights)),
    shared,
    rest,
    b"".join(number(frequency[name] + 1 if name in frequency else 0) for name in names),
    b"".join(number(place[weight[name]] if name in weight else 0) for name in names),
    "".join(text + "\n" for text in weights).encode(),
]
target.write_bytes(zlib.compress(b"".join(parts), 9))
print(f"{len(words)} words, {len(frequency)} with a frequency, {len(weight)} with a weight: {target.stat().st_size} bytes")
