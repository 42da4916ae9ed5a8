"""Large files: what Arrow reads is what the reading record by record finds, or is left to it."""

import pytest

from pipelines.io.reading import text_tables
from pipelines.io.reading.regular import ArrowRecords
from pipelines.io.reading.text_tables import Overrides, find_text_tables

RECORDS = [f"A{i:03};0{i % 9 + 1}/04/1962;{i},5;Dupont {i}" for i in range(60)]
HEADER = "IPP;Naissance;Taille;Nom"


def text(*lines, end="\n"):
    return "".join(line + end for line in lines).encode()


def both(content, monkeypatch, **known):
    slow = find_text_tables(content, overrides=Overrides(**known))
    monkeypatch.setattr(text_tables, "LARGE", 0)
    return slow, find_text_tables(content, overrides=Overrides(**known))


def content_of(found):
    return [(list(t.header), t.header_lines, list(map(list, t.records)), list(t.lines)) for t in found.tables]


FAST = [
    ("plain", text(HEADER, *RECORDS)),
    ("CR LF", text(HEADER, *RECORDS, end="\r\n")),
    ("CR", text(HEADER, *RECORDS, end="\r")),
    ("no final line end", text(HEADER, *RECORDS)[:-1]),
    ("quoted cells", text(HEADER, *RECORDS, 'B1;01/01/1990;"7";"a; ""b""\nc"', *RECORDS)),
    ("titles", text("Extraction du jour", "", HEADER, *RECORDS)),
    ("no header", text(*RECORDS)),
    ("header rows", text("Patient;Patient;Tumeur;Patient", HEADER, *RECORDS)),
    ("odd rows", text(HEADER, "x;y", *RECORDS, "a;b;c;d;e", *RECORDS, "z;t")),
    ("blank end", text(HEADER, *RECORDS, "", ";;;", "")),
    ("footer", text(HEADER, *RECORDS, "Source : entrepôt de données")),
    ("hint", text("sep=;", HEADER, *RECORDS)),
    ("empty columns at the right", text(HEADER + ";;", *(line + ";;" for line in RECORDS))),
]


@pytest.mark.parametrize("content", [case[1] for case in FAST], ids=[case[0] for case in FAST])
def test_a_regular_file_is_read_by_arrow_as_it_is_record_by_record(content, monkeypatch):
    slow, fast = both(content, monkeypatch)
    assert isinstance(fast.tables[0].records, ArrowRecords)
    assert content_of(fast) == content_of(slow)
    assert {k: sorted(v) for k, v in fast.outside.items()} == slow.outside


LEFT = [
    ("stray quote", text(HEADER, *RECORDS, 'B1;"01/01/1990;7;x', *RECORDS)),
    ("quotes within cells", text(HEADER, *RECORDS, 'B1;01/01/1990;7;5" x', *RECORDS)),
    ("blank rows within", text(HEADER, *RECORDS, "", *RECORDS)),
    ("header again", text(HEADER, *RECORDS, HEADER, *RECORDS)),
    ("two tables", text(HEADER, *RECORDS, "", "a;b", "1;2", "3;4")),
    ("apostrophes", text(*("'" + line.replace(";", "';'") + "'" for line in (HEADER, *RECORDS)))),
    ("one column", text("Nom", *(f"Dupont {i}" for i in range(60)))),
    (
        "fixed widths",
        text(*(f"{a:<8}{b:<14}{c:>6}" for a, b, c, _ in (r.split(";") for r in [HEADER, *RECORDS]))),
    ),
]


@pytest.mark.parametrize("content", [case[1] for case in LEFT], ids=[case[0] for case in LEFT])
def test_any_other_file_is_left_to_the_reading_record_by_record(content, monkeypatch):
    slow, fast = both(content, monkeypatch)
    assert not any(isinstance(table.records, ArrowRecords) for table in fast.tables)
    assert content_of(fast) == content_of(slow)


def test_what_is_given_is_obeyed_in_large_files(monkeypatch):
    content = text("x;y", HEADER, *RECORDS)
    for known in ({"header_line": 2}, {"header_rows": 0}, {"separator": ","}):
        slow, fast = both(content, monkeypatch, **known)
        assert content_of(fast) == content_of(slow)


def test_records_are_a_sequence(monkeypatch):
    _, fast = both(text(HEADER, "x;y", *RECORDS, "z;t"), monkeypatch)
    records = fast.tables[0].records
    assert (len(records), records[0], records[-1]) == (62, ["x", "y"], ["z", "t"])
    assert records[1:3] == [line.split(";") for line in RECORDS[:2]]
    assert [records[i] for i in range(62)] == list(records)
