"""Reads a report back with libraries that nobody here wrote, and prints its rows as JSON.

usage: readback.py csv FILE DELIMITER | xlsx FILE | json FILE | ndjson FILE

Each cell is ["text", text], ["number", decimal text], ["bool", true], ["date", ISO 8601]
or null. A workbook gives an object: its sheets in their order, each a list of rows.
"""

import csv
import datetime
import json
import re
import sys

import openpyxl


def unescape(text):
    """What Excel makes of _xHHHH_; openpyxl leaves that to its caller."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text)


def cell(value):
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
    return ["text", unescape(value)]


def main(kind, name, delimiter=","):
    if kind == "csv":
        with open(name, newline="", encoding="utf-8-sig") as f:
            out = [[["text", v] for v in row] for row in csv.reader(f, delimiter=delimiter)]
    elif kind == "json":
        with open(name, encoding="utf-8") as f:
            out = [{k: cell(v) for k, v in row.items()} for row in json.load(f)]
    elif kind == "ndjson":
        with open(name, encoding="utf-8") as f:
            out = [{k: cell(v) for k, v in json.loads(line).items()} for line in f]
    else:
        book = openpyxl.load_workbook(name)
        out = {s.title: [[cell(c.value) for c in row] for row in s.iter_rows()] for s in book.worksheets}
        out["frozen"] = [s.freeze_panes for s in book.worksheets]
        out["filters"] = [s.auto_filter.ref for s in book.worksheets]
        out["formats"] = [[c.number_format for c in row] for row in book.worksheets[-1].iter_rows(min_row=2, max_row=2)]
    json.dump(out, sys.stdout)


main(*sys.argv[1:])
