"""pypsrp's side of `make bench`: the same work on the same files as the Go
benchmarks, printed in the form of `go test -bench`, so that benchstat reads it.
Rows are the first 1,000 of the bulk file; at pypsrp's pace the whole would take
minutes.
"""

import argparse
import base64
import gzip
import pathlib
import re
import time
import xml.etree.ElementTree as ET

from pypsrp.powershell import Fragment
from pypsrp.serializer import Serializer

ROWS = 1000
RSP = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"


def fixtures():
    root = pathlib.Path(__file__).resolve().parents[2]
    return root.parent / "shared" / "fixtures"


def envelope():
    """The longest answer of a recorded conversation, as text."""
    text = (fixtures() / "windows-wsman" / "client_fetch_file.yml").read_text(encoding="utf-8")
    answers = re.findall(r"response: (<s:Envelope.*?</s:Envelope>)", text, re.DOTALL)
    return max((re.sub(r"\n\s+", " ", a) for a in answers), key=len)  # YAML folds lines


def streams(text):
    return [base64.b64decode(s.text) for s in ET.fromstring(text.encode()).iter(RSP + "Stream")]


def fragments(data):
    """Fragments to messages, without what is in them; the last is unfinished."""
    whole, started = [], {}
    while data:
        fragment, data = Fragment.unpack(data)
        started[fragment.object_id] = started.get(fragment.object_id, b"") + fragment.data
        if fragment.end:
            whole.append(started.pop(fragment.object_id))
    return whole


def rows():
    """The head of the bulk document with ROWS objects, and without a namespace, as messages are."""
    with gzip.open(fixtures() / "powershell" / "bulk" / "mailboxes-10000.clixml.gz", "rt", encoding="utf-8") as f:
        text = f.read()
    starts = [m.start() for m in re.finditer(r"\n {6}<Obj RefId=", text)]
    head = text[: starts[ROWS]] if len(starts) > ROWS else text
    return re.sub(r'xmlns="[^"]*"', "", head, count=1) + "</LST></Obj></Objs>"


def report(name, size, work, count):
    for _ in range(count):
        runs, began = 0, time.perf_counter()
        while runs == 0 or time.perf_counter() - began < 1:
            work()
            runs += 1
        each = (time.perf_counter() - began) / runs
        print("BenchmarkPypsrp%s \t%8d\t%12.0f ns/op\t%8.2f MB/s" % (name, runs, each * 1e9, size / each / 1e6), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=6)
    count = parser.parse_args().count
    if not fixtures().is_dir():
        print("# pypsrp: %s is not there, nothing to measure" % fixtures())
        return
    print("pkg: pypsrp")
    answer = envelope()
    report("Envelope", len(answer), lambda: streams(answer), count)
    data = b"".join(streams(answer))
    report("Fragments", len(data), lambda: fragments(data), count)
    text = rows()
    report("Rows", len(text.encode()), lambda: [Serializer().deserialize(o) for o in ET.fromstring(text)], count)


if __name__ == "__main__":
    main()
