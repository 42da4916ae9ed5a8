"""Columns without separators."""

import pytest

from pipelines.io.reading.fixed_width import find_widths, read_fixed

LINES = [
    "ID    NOM               TAILLE  SITE\n",
    "A1    Dupont Jean         12,5  cuisse droite\n",
    "A2    Lefèvre              8    bras\n",
    "A3    Le Gall Marie     104,25  tronc\n",
    "A4    Petit\n",
]


def cells(lines, widths, *, is_packed=False):
    return [record.cells for record in read_fixed(lines, widths, is_packed=is_packed)]


def test_borders_are_where_no_line_has_text():
    assert find_widths(LINES) == (6, 18, 8, 13)


def test_padding_is_removed_and_what_a_line_lacks_is_empty():
    found = cells(LINES, (6, 18, 8, 13))
    assert found[0] == ["ID", "NOM", "TAILLE", "SITE"]
    assert found[1] == ["A1", "Dupont Jean", "12,5", "cuisse droite"]
    assert found[4] == ["A4", "Petit", "", ""]


def test_a_title_across_the_borders_stays_whole():
    title = "Extraction de la base du service\n"
    assert find_widths([title, *LINES]) == (6, 18, 8, 13)
    assert cells([title], (6, 18, 8, 13)) == [[title.strip()]]


def test_packed_columns_are_cut_where_they_are_said_to_be():
    assert cells(["AB12X\n", "CD345Y\n"], (2, 3), is_packed=True) == [["AB", "12X"], ["CD", "345Y"]]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["a b\n", "c d\n", "e f\n"],
        ["un texte\n", "tout simple\n", "sur des lignes\n"],
        ["a\tb  c\n"] * 4,
        ["a   b\n"],
        ["\n"] * 5,
    ],
)
def test_other_texts_have_no_widths(lines):
    assert find_widths(lines) is None


def test_a_space_in_a_name_is_no_border():
    lines = ["Code  Taille (cm)  Nom\n", *(f"C{i:03}  {i:<11}  n{'o' * i}\n" for i in range(1, 6))]
    assert cells(lines[:1], find_widths(lines)) == [["Code", "Taille (cm)", "Nom"]]
