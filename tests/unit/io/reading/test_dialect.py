"""The separator, quote and escape of a sample of lines."""

import pytest

from pipelines.io.reading.dialect import find_dialect, shown

NAMES = ["ref", "jour", "heure", "lien", "mesure", "avis"]
ROWS = [
    [
        f"R{i}",
        f"2020-0{i + 1}-1{i}",
        f"1{i}:30",
        f"https://ex.org/{i}?a=b;c",
        f"{i * 7},{i}",
        "revu, puis classé",
    ]
    for i in range(8)
]


def lines(rows, separator, quote='"'):
    def cell(text):
        return quote + text + quote if set(text) & set(separator.strip(" ") or " ") or quote in text else text

    return [separator.join(map(cell, row)) + "\n" for row in rows]


def found(rows, separator, quote='"'):
    decided = find_dialect(lines(rows, separator, quote))
    return decided.dialect.separator, decided.dialect.quote, decided.width


@pytest.mark.parametrize("n", [2, 3, 9])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "~", "^", "||", " | ", "; "])
def test_text_that_has_other_separators_in_its_cells(separator, quote, n):
    expected = quote if any(quote in line for line in lines([NAMES, *ROWS][:n], separator, quote)) else '"'
    assert found([NAMES, *ROWS][:n], separator, quote) == (separator, expected, len(NAMES))


TEXTS = [
    ("one word in a line", ["Nom\n", "Dupont\n", "Petit\n"], ""),
    ("names in two words", ["Nom\n", "Jean Dupont\n", "Anne Petit\n", "Luc Martin\n"], ""),
    ("dates", ["Jour\n", "03/04/2020\n", "04/05/2021\n"], ""),
    ("times", ["Heure\n", "12:30\n", "08:15\n", "23:59\n"], ""),
    ("addresses", ["Lieu\n", "3, rue du Lac\n", "Lyon\n", "12, place Bellecour, Lyon\n"], ""),
    ("decimal commas", ["a;b\n", "1,5;2,5\n", "3,5;4,5\n"], ";"),
    ("decimal commas and dates", ["a\tb\n", "1,5\t2020-01-02\n", "3,5\t2020-01-03\n"], "\t"),
    ("a single line", ["nom,prénom,date de naissance\n"], ","),
    ("words in a single line", ["IPP;Date de naissance;Nom de famille\n"], ";"),
    (
        "titles of several words",
        ["Bilan de la saison\n", "par le service\n", "a,b,c\n", "1,2,3\n", "4,5,6\n"],
        ",",
    ),
]


@pytest.mark.parametrize(("text", "separator"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_the_separator_of_small_texts(text, separator):
    assert find_dialect(text).dialect.separator == separator


@pytest.mark.parametrize(
    ("cell", "escape", "itself"),
    [
        ('"dit ""Jo"" hier"', "doubled", False),
        ('"dit \\"Jo\\" hier"', "backslash", False),
        ('"C:\\\\x \\"Jo\\" hier"', "backslash", True),
        ('"C:\\x \\"Jo\\" hier"', "backslash", False),
        ('"dit "Jo" hier"', "none", False),
        ("rien", "doubled", False),
    ],
)
def test_the_escape(cell, escape, itself):
    dialect = find_dialect(["a,b\n", *[f"{i},{cell}\n" for i in range(5)]]).dialect
    assert (dialect.escape, dialect.escapes_itself) == (escape, itself)


def test_what_is_given_is_not_decided():
    dialect = find_dialect(["a;b,c\n", "1;2,3\n"], separator=",", quote="'", escape="\\").dialect
    assert (dialect.separator, dialect.quote, dialect.escape) == (",", "'", "backslash")


def test_a_few_damaged_rows_change_nothing():
    rows = lines([NAMES, *ROWS], ";")
    rows[3], rows[5], rows[6] = '"' + rows[3], rows[5].replace(";", " "), "x\n"
    assert find_dialect(rows).dialect.separator == ";"


def test_decisions_have_words_a_confidence_and_no_value():
    decided = find_dialect(lines([NAMES, *ROWS], "\t")).decisions
    assert [(d.what, d.value) for d in decided] == [
        ("separator", "tab"),
        ("quote", '"'),
        ("escape", "doubled"),
    ]
    assert all(0 <= d.confidence <= 1 for d in decided)
    assert not any("R1" in d.evidence or "revu" in d.evidence for d in decided)


def test_a_doubtful_decision_has_little_confidence():
    sure = find_dialect(lines([NAMES, *ROWS], ";")).decisions[0].confidence
    doubtful = find_dialect(["a b;c d\n", "e f;g h\n", "i j;k l\n"]).decisions[0].confidence
    assert sure > 0.75 > doubtful


@pytest.mark.parametrize(("text", "words"), [("\t", "tab"), ("", "none"), ("\x1f", "\\x1f"), (";", ";")])
def test_signs_that_cannot_be_seen_are_named(text, words):
    assert shown(text) == words
