"""Terms of official tables that a user holds, coded without seeing their codes: skipped loudly when absent.

`RESEAU_TERMINOLOGY` names a folder with `icd_o_3_2_iacr.csv`, `icdo_31_to_32_sarcoma_changes.csv`,
`jdv_morphologie_cisis_20260716_sarcoma_subset.csv` and `who_icdo3_euracan.csv`.
"""

import csv
import os
import re
from pathlib import Path

import pytest

from pipelines.harmonise.coding import code_labels
from pipelines.harmonise.migrate import migrate
from pipelines.harmonise.misplaced import Stated
from pipelines.harmonise.terminology import load_terminology

FOLDER = Path(os.environ.get("RESEAU_TERMINOLOGY", "no-such-folder"))
TERMS = load_terminology()
SCOPE = ("sarcoma", "intermediate")
#: The four digits of soft tissue, bone, visceral and nerve sheath tumours.
RANGES = [
    (8710, 8714), (8800, 8936), (8963, 8964), (8982, 8982), (8990, 8992), (9020, 9020), (9040, 9045), (9120, 9150),
    (9160, 9262), (9364, 9373), (9540, 9582),
]  # fmt: skip
#: Where we follow WHO 2020 and say so: a chondrosarcoma of grade 1 has its own code beside the atypical tumour.
OURS = {"Chondrosarcoma, grade 1"}


def table(name):
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"NOT TESTED: {name} is absent; set RESEAU_TERMINOLOGY to its folder")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def in_range(code):
    return re.fullmatch(r"\d{4}/\d", code) and any(low <= int(code[:4]) <= high for low, high in RANGES)


def english(level):
    return [
        (row["term"], row["ICDO3_morphology"])
        for row in table("icd_o_3_2_iacr.csv")
        if row["level"] == level and in_range(row["ICDO3_morphology"])
    ]


def french():
    rows = table("jdv_morphologie_cisis_20260716_sarcoma_subset.csv")
    return [
        (
            row["display_fr"],
            migrate(row["icdo3_code"], version="icdo30", label_codes=(), migrations=TERMS.migrations).code,
        )
        for row in rows
    ]


def european():
    rows = table("who_icdo3_euracan.csv")
    return [
        (row["who_label_as_written"], row["icdo3_decoded"])
        for row in rows
        if re.fullmatch(r"\d{4}/\d", row["icdo3_decoded"])
    ]


def figures(pairs):
    """Top 1, share decided, precision of what is decided."""
    found = code_labels([Stated(label=label) for label, _ in pairs], terms=TERMS, scope=SCOPE)
    decided = [
        (label, code, one.morphology)
        for (label, code), one in zip(pairs, found, strict=True)
        if one.decision != "review" and label not in OURS
    ]
    wrong = [each for each in decided if each[1] != each[2]]
    top = sum(one.morphology == code for (_, code), one in zip(pairs, found, strict=True)) / len(pairs)
    print(f"top 1 {top:.1%}, decided {len(decided) / len(pairs):.1%}, wrong {wrong} of {len(pairs)}")
    return top, len(decided) / len(pairs), 1 - len(wrong) / len(decided)


SETS = [
    # set, at least: top 1, decided, precision
    ("English preferred terms", lambda: english("Preferred"), 0.98, 0.95, 0.99),
    ("English synonyms", lambda: english("Synonym"), 0.92, 0.85, 0.99),
    ("English related terms", lambda: english("Related"), 0.80, 0.60, 0.98),
    ("French official labels", french, 0.98, 0.90, 0.99),
    ("European dictionary", european, 0.95, 0.90, 0.99),
]


@pytest.mark.parametrize(("name", "pairs", "top", "decided", "precision"), SETS, ids=[row[0] for row in SETS])
def test_floor(name, pairs, top, decided, precision):
    found = figures(pairs())
    assert found >= (top, 0, 0)
    assert found[1] >= decided
    assert found[2] >= precision


def test_every_code_of_the_sarcoma_range_is_ours():
    codes = {row["ICDO3_morphology"] for row in table("icd_o_3_2_iacr.csv")}
    assert sorted(code for code in codes if in_range(code) and code not in TERMS.parents) == []


def test_no_change_of_version_is_silent():
    changes = table("icdo_31_to_32_sarcoma_changes.csv")
    retired = {row["code_old"] for row in changes if row["change"] == "retired"}
    assert {code for code in retired if code not in TERMS.migrations} == set()
    moved = {row["code_old"] for row in changes if row["change"] == "term_moved"}
    assert {code for code in moved if code not in TERMS.migrations} == set()
