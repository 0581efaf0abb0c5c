"""Makes simplified.txt, the table that `src/simplified.rs` reads, from OpenCC's TSCharacters.txt.

    curl -LO https://raw.githubusercontent.com/BYVoid/OpenCC/master/data/dictionary/TSCharacters.txt
    python3 data/simplified.py TSCharacters.txt data/simplified.txt

A line is a Traditional character and the Simplified one that OpenCC writes for it where no phrase says otherwise, in the order of
their code points. Characters that stay as they are have no line.
"""
import pathlib
import sys

source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
pairs = {}
for line in source.read_text("utf-8").splitlines():
    if line.strip() and not line.startswith("#"):
        traditional, simplified = line.split("\t")
        pairs[traditional] = simplified.split(" ")[0]
lines = sorted(f"{old}{new}\n" for old, new in pairs.items() if old != new)
target.write_text("".join(lines), "utf-8")
