"""Which rows are headers, which are records, which belong to no table."""

import pytest

from pipelines.io.reading.layout import find_layout
from pipelines.io.reading.records import Record

BODY = [
    "A1;03/04/2019;12,5;cuisse",
    "A2;17/11/2018;8;tronc",
    "A3;28/02/2020;104,2;bras",
    "A4;01/12/2019;6;cuisse",
]
HEADER = "IPP;Date;Taille;Site"


def layout(*lines, width=4, **known):
    records = [Record(i + 1, 1, line.split(";")) for i, line in enumerate(lines)]
    return find_layout(records, width=width, **known)


def seen(*lines, **known):
    """The lines of each table's header and records, then the lines outside by reason."""
    found = layout(*lines, **known)
    tables = [([r.line for r in t.header], [r.line for r in t.records]) for t in found.tables]
    return tables, {reason: [row.line for row in rows] for reason, rows in found.outside.items()}


HEADERS = [
    ("one row", [HEADER, *BODY], [1]),
    ("none", BODY, []),
    ("two rows", ["Patient;Tumeur;Tumeur;Tumeur", HEADER, *BODY], [1, 2]),
    ("three rows", ["a;b;c;d", "e;f;g;h", HEADER, *BODY], [1, 2, 3]),
    ("units below", [HEADER, "texte;jour;(mm);texte", *BODY], [1, 2]),
    ("units, or a dash for none", [HEADER, "-;jour;mm;-", *BODY], [1, 2]),
    ("a first record of dashes", [HEADER, "A0;-;-;-", *BODY], [1]),
    ("a first record of missing values", [HEADER, "A0;NA;NA;bras", *BODY], [1]),
    ("a first record with an unknown size", [HEADER, "A0;01/01/2020;inconnue;bras", *BODY], [1]),
    (
        "one typed column, unknown once",
        ["Nom;Site;Avis;Âge", "A;bras;bon;illisible", "B;bras;bon;12", "C;dos;nul;9"],
        [1],
    ),
    ("years as names", ["Pays;2018;2019;2020", "France;1,5;2;3", "Italie;4;5;6,5"], [1]),
    ("a year as name", ["Pays;2018", "France;1,5", "Italie;4"], [1]),
    ("years as values", ["Jean;2001;2002", "Zoé;2003;2011", "Luc;1999;2004"], []),
    ("years above their units", ["Pays;2018;2019", ";(kg);(%)", "France;1,5;2", "Italie;4;5"], [1, 2]),
    ("units above text", ["Avis;Site;Motif", ";(code);(mot)", "bon;bras;b", "nul;bras;b"], [1, 2]),
    ("names over groups", [";;2018;", "Pays;Ville;Cas;Taux", "France;Ain;1,5;2", "Italie;Rome;4;5"], [1, 2]),
    ("a record above a total", ["Nom;Date;Prix", "Ain;01/02/2020;dû", "Total;;12"], [1]),
    ("a name three times", ["Nom;Site;Nom;Nom", *["a;b;c;d", "a;b;e;d", "a;g;c;d"] * 2], [1]),
    ("all text", ["Nom;Prénom;Ville;Avis", "a;b;c;d", "e;f;g;h"], [1]),
    ("all text, with values that come again", ["oui;non;R0;x", "oui;oui;R1;y", "non;non;R0;x"], []),
    ("only names", [HEADER], [1]),
    ("only a record", ["12;03/04/2019;1,5;7"], []),
    ("one record", [HEADER, BODY[0]], [1]),
    ("a cell too few in the header", ["IPP;Date;Taille Site", *BODY], [1]),
    ("a cell too many in the header", ["IPP;;Date;Taille;Site", *BODY], [1]),
]


@pytest.mark.parametrize(("lines", "header"), [c[1:] for c in HEADERS], ids=[c[0] for c in HEADERS])
def test_the_rows_of_the_header(lines, header):
    tables, outside = seen(*lines)
    assert tables == [(header, list(range(len(header) + 1, len(lines) + 1)))]
    assert outside == {}


AROUND = [
    ("title", ["Bilan", HEADER, *BODY], {"preamble": [1]}),
    ("titles in a spreadsheet", ["Bilan;;;", "Lieu;CHU;;", ";;;", HEADER, *BODY], {"blank": [3], "preamble": [1, 2]}),
    ("properties", ["Centre;CHU", "Année;2020", "", HEADER, *BODY], {"blank": [3], "preamble": [1, 2]}),
    ("comments", ["# version 2", HEADER, *BODY[:2], "# suite", *BODY[2:]], {"comment": [1, 5]}),
    ("rule", [HEADER, "---;----;---;--", *BODY], {"rule": [2]}),
    ("note", [HEADER, *BODY, "Source : dossiers du service"], {"footer": [6]}),
    ("notes after a blank row", [HEADER, *BODY, "", "Données provisoires", "Fin"], {"blank": [6], "footer": [7, 8]}),
    ("a note with a separator", [HEADER, *BODY, "Note : relu; puis signé"], {"footer": [6]}),
    ("header again", [HEADER, *BODY[:2], HEADER, *BODY[2:]], {"header again": [4]}),
    ("header again after a blank row", [HEADER, *BODY[:2], "", HEADER, *BODY[2:]], {"blank": [4], "header again": [5]}),
    ("blank rows within", [HEADER, *BODY[:2], "", ";;;", *BODY[2:]], {"blank": [4, 5]}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "outside"), [c[1:] for c in AROUND], ids=[c[0] for c in AROUND])
def test_what_is_around_a_table_is_outside_it(lines, outside):
    tables, found = seen(*lines)
    left = sorted(set(range(1, len(lines) + 1)) - {n for numbers in outside.values() for n in numbers})
    assert found == outside
    assert tables == [(left[:1], left[1:])]


KEPT = [
    ("a total", [HEADER, *BODY, "Total;;131,7;"]),
    ("an id alone", [HEADER, *BODY, "A5;;;"]),
    ("a short code alone in its line", [HEADER, *BODY, "A5"]),
    ("a row too short", [HEADER, *BODY[:2], "A9;x", *BODY[2:]]),
    ("a row too long", [HEADER, *BODY[:2], "A9;a;b;c;d;e", *BODY[2:]]),
    ("a row of text", [HEADER, *BODY[:2], "A9;nd;nd;nd", *BODY[2:]]),
    ("names of another width", [HEADER, *BODY[:2], "A9;mot;nd", *BODY[2:]]),
    ("two rows of another width", [HEADER, *BODY[:2], "A9;1;2;3;4", "A8;1;2;3;4", *BODY[2:]]),
]


@pytest.mark.parametrize("lines", [case[1] for case in KEPT], ids=[case[0] for case in KEPT])
def test_odd_rows_stay_records_in_their_place(lines):
    assert seen(*lines) == ([([1], list(range(2, len(lines) + 1)))], {})


OTHER = ["site;nombre", "membre;12", "tronc;7", "tête;3"]
SAME = ["zone;début;valeur;note", "z1;01/02/2020;4;x", "z2;02/02/2020;5;y", "z3;03/02/2020;6;z"]
WIDER = ["a;b;c;d;e", "1;2;3;4;5", "6;7;8;9;0", "1;2;3;4;5"]


@pytest.mark.parametrize("blank", [[], [""], ["", ";;;", ""]], ids=["joined", "one blank row", "blank rows"])
@pytest.mark.parametrize("second", [OTHER, SAME, WIDER], ids=["fewer", "as many", "more"])
def test_a_second_table_has_its_own_header(second, blank):
    tables, _ = seen(HEADER, *BODY, *blank, *second)
    at = 1 + 1 + len(BODY) + len(blank)
    assert tables == [([1], [2, 3, 4, 5]), ([at], [at + 1, at + 2, at + 3])]


def test_the_first_table_may_be_the_smaller():
    tables, _ = seen(*OTHER, "", HEADER, *BODY * 3)
    assert tables[0] == ([1], [2, 3, 4])
    assert tables[1][0] == [6]


@pytest.mark.parametrize(
    ("rows", "names"), [(0, ["col1", "col2"]), (1, ["a", "b"]), (2, ["a 1", "b"]), (3, ["a 1 x", "b y"])]
)
def test_the_number_of_header_rows_can_be_given(rows, names):
    assert layout("a;b", "1;b", "x;y", "z;t", width=2, header_rows=rows).tables[0].names == names


def test_nothing_but_blank_rows_is_no_table():
    assert seen("", ";;;") == ([], {"blank": [1, 2]})


def test_a_single_column_is_one_table_whatever_its_values():
    assert seen("oui", "oui", "", "non", "oui", width=1)[0] == [([], [1, 2, 4, 5])]


SECTIONS = [
    ("a section", [HEADER, "NORD;;;", *BODY[:2], "SUD;;;", *BODY[2:]]),
    ("a section among numbers", ["N;Prix", "1;2", "2;4", "3;9", "SUD;", "4;3", "5;2", "6;1"]),
    ("missing values", ["Q1;Q2", "1;2", "3;4", "5;6", "NA;oui", "4;3", "1;2", "3;1", "NA;oui", "4;2", "5;2"]),
    ("rows that end early", [HEADER, *BODY, "A5;x;y", "A6;x;y", *BODY, "A7;b;c", "A8;b;c", "A9;b;c"]),
]


@pytest.mark.parametrize("lines", [c[1] for c in SECTIONS], ids=[c[0] for c in SECTIONS])
def test_words_between_records_begin_no_table(lines):
    tables, _ = seen(*lines)
    assert tables == [([1], list(range(2, len(lines) + 1)))]


ENDS = [
    ("a long sentence", ["Les chiffres ne comprennent pas la Corse;;;"], 1),
    ("a word below a sentence", ["Les chiffres ne comprennent pas la Corse;;;", "provisoire;;;"], 2),
    ("a numbered note", ["1. Arrondi;;;"], 1),
    ("a word", ["provisoire;;;"], 0),
    ("a number", ["12;;;"], 0),
    ("a section like one above", ["NORD;;;", *BODY, "Les chiffres ne comprennent pas la Corse;;;"], 0),
]


@pytest.mark.parametrize(("end", "n_notes"), [c[1:] for c in ENDS], ids=[c[0] for c in ENDS])
def test_the_last_rows_that_are_notes(end, n_notes):
    lines = [HEADER, *BODY, *end]
    tables, outside = seen(*lines)
    n = len(lines) - n_notes
    assert tables == [([1], list(range(2, n + 1)))]
    assert outside == ({"footer": list(range(n + 1, len(lines) + 1))} if n_notes else {})
