"""Labels of an official value set that a user holds, coded without seeing their codes.

Set RESEAU_REFERENCE_LABELS to a CSV with the columns icdo3_code and display_fr, of an edition before ICD-O-3.2.
"""

import os
from pathlib import Path

import pandas as pd
import pytest

from pipelines.harmonise.migrate import migrate
from pipelines.harmonise.readings import StatedDiagnosis, decide_diagnosis
from pipelines.harmonise.terminology import load_terminology

REFERENCE = os.environ.get("RESEAU_REFERENCE_LABELS", "")


@pytest.mark.skipif(
    not REFERENCE, reason="RESEAU_REFERENCE_LABELS names no file: official labels were NOT compared"
)
def test_official_french_labels_are_coded_or_left_to_a_person_never_miscoded():
    terms = load_terminology()
    table = pd.read_csv(Path(REFERENCE), dtype=str)
    expected = [
        migrate(code, version="icdo30", label_codes=(), migrations=terms.migrations).code
        for code in table["icdo3_code"]
    ]
    found = [decide_diagnosis(StatedDiagnosis(label=label), terms) for label in table["display_fr"]]
    certain = [(e, d.morphology) for e, d in zip(expected, found, strict=True) if d.outcome == "auto"]
    coverage, right = len(certain) / len(table), sum(e == m for e, m in certain) / len(certain)
    print(f"coverage {coverage:.1%}, precision {right:.1%} over {len(table)} labels")
    assert coverage >= 0.85
    assert right >= 0.99
