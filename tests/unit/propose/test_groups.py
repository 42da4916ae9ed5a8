"""Columns that repeat in a line."""

import pytest

from pipelines.propose.groups import slots


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("IPP|b1_date|b1_type|b2_date|b2_type",
         [(None, "IPP", {0: 0}), ("b", "date", {1: 1, 2: 3}), ("b", "type", {1: 2, 2: 4})]),
        ("Biopsie 1 - Date|Biopsie 2 - Date", [("Biopsie", "Date", {1: 0, 2: 1})]),
        ("date_chir_1|date_chir_2", [(None, "date_chir", {1: 0, 2: 1})]),
        ("date_chir|date_chir_2", [(None, "date_chir", {1: 0, 2: 1})]),
        ("Date (1)|Date (2)", [(None, "Date", {1: 0, 2: 1})]),
        ("c1_date|c2_date|r1_avis|r1_date",
         [("c", "date", {1: 0, 2: 1}), ("r", "avis", {1: 2}), ("r", "date", {1: 3})]),
        ("CIMO3_MORPHO|CIMO3_TOPO", [(None, "CIMO3_MORPHO", {0: 0}), (None, "CIMO3_TOPO", {0: 1})]),
        ("cim10|cim9", [(None, "cim10", {0: 0}), (None, "cim9", {0: 1})]),
        ("NF1|T4", [(None, "NF1", {0: 0}), (None, "T4", {0: 1})]),
        ("Nom|Nom", [(None, "Nom", {0: 0}), (None, "Nom", {0: 1})]),
        ("b1_x|b1_x|b2_x", [("b", "x", {1: 0, 2: 2}), (None, "b1_x", {0: 1})]),
    ],
)  # fmt: skip
def test_columns_that_differ_by_their_number_are_one_slot(header, found):
    seen = [(slot.group, slot.text, dict(slot.members)) for slot in slots(header.split("|"))]
    assert sorted(seen, key=str) == sorted(found, key=str)


def test_every_column_is_in_one_slot():
    header = ["IPP", "", "a1", "a2", "a", "b1_a", "b 2 a", "b1_a", "2", "x_1", "x_1"]
    assert sorted(place for slot in slots(header) for place in slot.places) == list(range(len(header)))
