"""polars' side of `make bench`: sorting, filtering and CSV of the table of
BenchmarkView in session/result (a million rows of 40 columns in random order),
printed in the form of `go test -bench`, so that benchstat reads it.

POLARS_MAX_THREADS says how many processors polars uses; the default is all.
"""

import argparse
import os
import random
import time

import polars as pl

ROWS = 1_000_000


def table():
    """The rows of bench_test.go's type wide; lists are their joined texts."""
    order = list(range(ROWS))
    random.Random(1).shuffle(order)
    i = pl.Series("i", order, dtype=pl.Int64)
    common = pl.Series("common", ["contoso.example/Department %d" % n for n in range(20)])
    columns = {}
    for c in range(40):
        if c < 5:
            column = "user" + (i * 5 + c).cast(pl.String) + "@contoso.example"
        elif c < 20:
            column = common.gather((i + c) % 20)
        elif c < 28:
            column = (i + c) % 3 == 0
        elif c < 32:
            column = pl.Series([None], dtype=pl.String).new_from_index(0, ROWS)
        elif c < 35:
            column = i * c
        elif c < 38:
            # 100 ns are too fine for polars' dates: as many microseconds
            column = (i * 1_234_567 + 1_709_528_767_000_000).cast(pl.Datetime("us"))
        elif c < 39:
            column = i / 7
        else:
            column = "SMTP:user" + i.cast(pl.String) + "; contoso.example/Department 0"
        columns["Property%d" % c] = column
    return pl.DataFrame(columns)


def report(name, work, count):
    for _ in range(count):
        began = time.perf_counter()
        work()
        each = time.perf_counter() - began
        print("BenchmarkPolars%s \t%8d\t%12.0f ns/op\t%8.2f ns/row" % (name, 1, each * 1e9, each * 1e9 / ROWS), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=6)
    count = parser.parse_args().count
    frame = table()
    texts = pl.concat_str([pl.col(n).cast(pl.String).fill_null("") for n in frame.columns], separator="\n")
    print("pkg: polars")
    for name, column in (("unique", 0), ("repeated", 5), ("bool", 20), ("number", 32), ("time", 35)):
        # The order alone, as a view of ours is one.
        report("Sort/" + name, lambda c=column: frame.get_column("Property%d" % c).arg_sort(nulls_last=True), count)
    for word in ("user1234", "department 7", "nothing"):
        report(
            "Filter/" + word.replace(" ", "_"),
            lambda w=word: frame.select(texts.str.to_lowercase().str.contains(w, literal=True)),
            count,
        )
    report("Write/csv", lambda: frame.write_csv(os.devnull), count)


if __name__ == "__main__":
    main()
