"""Reads bars out of an SVG and the rows out of a CSV, with Python's own XML and CSV readers, and
says of each bar what it is called, how long it is drawn and what it stands for.

usage: bars.py PICTURE.svg ROWS.csv VALUE LABEL

VALUE and LABEL are columns: a size with its bytes in parentheses, or a number. Prints JSON, the
largest rows first, each {"label", "value", "drawn", "shown", "colour", "length"}: label and value
are the file's, the others the picture's: the text beside the bar, that behind it, and its looks.
"""

import csv
import json
import re
import sys
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"


def number(text):
    in_bytes = re.search(r"\(([\d,]+) bytes\)", text)
    if in_bytes:
        return int(in_bytes.group(1).replace(",", ""))
    try:
        return float(text)
    except ValueError:
        return None


def drawn(name):
    """The filled rectangles of a picture but for its ground, by the place of their middle from
    the top, and its texts, by theirs."""
    bars, texts = {}, []
    ground = None
    for e in tree.parse(name).getroot().iter():
        if e.tag == SVG + "text":
            texts.append((-float(e.get("y")), float(e.get("x")), e.text))
        fill = re.search(r"fill:(#[0-9A-Fa-f]{6})", e.get("style") or "")
        corners = re.findall(r"[ML]([\d.-]+),([\d.-]+)", e.get("d") or "")
        if e.tag != SVG + "path" or not fill or len(corners) != 4:
            continue
        ground = ground or fill.group(1)  # the first rectangle is the picture itself
        if fill.group(1) == ground:
            continue
        x, y = [float(c[0]) for c in corners], [float(c[1]) for c in corners]
        middle = round((min(y) + max(y)) / 2, 1)
        bars.setdefault(middle, []).append({"colour": fill.group(1), "from": min(x), "length": max(x) - min(x), "height": max(y) - min(y)})
    return bars, texts


def main(picture, rows, value, label):
    bars, texts = drawn(picture)
    with open(rows, encoding="utf-8-sig", newline="") as f:
        held = [(number(r[value]), r[label]) for r in csv.DictReader(f)]
    held = sorted((r for r in held if r[0] is not None), key=lambda r: -r[0])[:15]
    tallest = max(p["height"] for parts in bars.values() for p in parts)
    heights = [y for y in sorted(bars, reverse=True) if bars[y][0]["height"] > tallest * 0.9]  # squares of a legend are lower
    if len(heights) != len(held):
        sys.exit(f"{len(heights)} bars for {len(held)} rows")
    out = []
    for (number_, name), y in zip(held, heights):
        bar, = [p for p in bars[y] if p["length"] > 0]  # a part of each tenant, of which one is its own
        beside = [t for (at, x, t) in texts if abs(at - y) < tallest / 2 and x < bar["from"]]
        behind = [t for (at, x, t) in texts if abs(at - y) < tallest / 2 and x > bar["from"]]
        out.append({"label": name, "value": number_, "drawn": " ".join(beside), "shown": " ".join(behind),
                    "colour": bar["colour"], "length": bar["length"]})
    json.dump(out, sys.stdout)


main(*sys.argv[1:])
