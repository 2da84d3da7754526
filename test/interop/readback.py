"""Reads a report back with libraries that nobody here wrote, and prints its rows as JSON.

usage: readback.py csv FILE DELIMITER | formulas FILE | xlsx FILE | counts FILE | json FILE | ndjson FILE
       | html FILE | markdown FILE

Each cell is ["text", text], ["number", decimal text], ["bool", true], ["date", ISO 8601]
or null. A workbook gives an object: its sheets in their order, each a list of rows; counts
gives each sheet's number of rows and its last row. formulas gives the cells of a CSV that some
spreadsheet could run.
"""

import csv
import datetime
import html
import html.parser
import json
import re
import sys
import unicodedata

import openpyxl


def unescape(text):
    """What Excel makes of _xHHHH_; openpyxl leaves that to its caller."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text)


def cell(value, text=unescape):
    if value is None:
        return None
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, (int, float)):
        return ["number", repr(value)]
    if isinstance(value, datetime.datetime):
        return ["date", value.isoformat()]
    if isinstance(value, datetime.timedelta):
        return ["span", str(round(value.total_seconds()))]
    if isinstance(value, datetime.time):
        return ["span", str(value.hour * 3600 + value.minute * 60 + value.second)]
    if isinstance(value, list):
        return ["list", json.dumps(value)]
    return ["text", text(value)]


class Table(html.parser.HTMLParser):
    """The texts of the cells of a page."""

    def __init__(self):
        super().__init__()
        self.rows, self.inside = [], False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th")
        if self.inside:
            self.rows[-1].append(["text", ""])

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1][1] += data


def markdown(line):
    """The texts of the cells of a line of a table."""
    cells = re.findall(r"\| ((?:\\.|[^\\|])*) (?=\|)", line)
    return [["text", html.unescape(re.sub(r"\\(.)", r"\1", c.replace("<br>", "\n")))] for c in cells]


# What a formula begins with: in ASCII, in full width, and small.
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"

# Letters and signs that show nothing, though Unicode counts them as others.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"


def runs(text):
    """Whether a spreadsheet could take a text for a formula, at whatever it splits."""
    for piece in re.split(r"[,;\t|\r\n]", text):
        while piece and (piece[0] in BLANK or piece[0].isspace() or unicodedata.category(piece[0]) in ("Cc", "Cf", "Mn", "Zs", "Zl", "Zp")):
            piece = piece[1:]
        if not piece or piece[0] not in SIGNS:
            continue
        if piece[0] in "=@\uff1d\uff20\ufe66\ufe6b" or not re.fullmatch(r"[0-9]([0-9.]*[0-9])?", piece[1:]):
            return True
    return False


def main(kind, name, delimiter=","):
    if kind == "formulas":
        with open(name, newline="", encoding="utf-8-sig") as f:
            return json.dump([v for row in csv.reader(f) for v in row if runs(v)], sys.stdout)
    if kind == "counts":
        book = openpyxl.load_workbook(name, read_only=True)
        out = {}
        for s in book.worksheets:
            rows, last = 0, None
            for row in s.iter_rows(values_only=True):
                rows, last = rows + 1, row
            out[s.title] = [rows, repr(last[0])]
        return json.dump(out, sys.stdout)
    if kind == "csv":
        with open(name, newline="", encoding="utf-8-sig") as f:
            out = [[["text", v] for v in row] for row in csv.reader(f, delimiter=delimiter)]
    elif kind == "json":
        with open(name, encoding="utf-8") as f:
            out = [{k: cell(v, str) for k, v in row.items()} for row in json.load(f)]
    elif kind == "ndjson":
        with open(name, encoding="utf-8") as f:
            out = [{k: cell(v, str) for k, v in json.loads(line).items()} for line in f]
    elif kind == "html":
        with open(name, newline="", encoding="utf-8") as f:
            table = Table()
            table.feed(f.read())
            table.close()
            out = table.rows
    elif kind == "markdown":
        with open(name, newline="", encoding="utf-8") as f:
            lines = f.read().removesuffix("\n").split("\n")
            out = [markdown(line) for line in lines[:1] + lines[2:]]
    else:
        book = openpyxl.load_workbook(name)
        out = {s.title: [[cell(c.value) for c in row] for row in s.iter_rows()] for s in book.worksheets}
        out["frozen"] = [s.freeze_panes for s in book.worksheets]
        out["filters"] = [s.auto_filter.ref for s in book.worksheets]
        out["formats"] = [[c.number_format for c in row] for row in book.worksheets[-1].iter_rows(min_row=2, max_row=2)]
    json.dump(out, sys.stdout)


main(*sys.argv[1:])
