"""The words of refusals: every code has them, in both languages."""

import pytest

from pipelines.errors import RefusalCode
from pipelines.refusals import printable, refusal

FACTS = {
    "line": 3,
    "declared": "XLSX",
    "found_fr": "du texte",
    "found_en": "text",
    "encoding": "utf-8",
    "why_fr": "parce que",
    "why_en": "because",
    "sheet": "Feuil1",
    "seconds": 60,
    "mib": 512,
    "number": 2,
    "count": 1,
    "columns": "IPP {x}",
}
CODES = sorted(value for name, value in vars(RefusalCode).items() if name.isupper())


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_and_what_to_do(code):
    found = refusal(code, "a.csv", centre_id="alpha", **FACTS)
    texts = (found.reason_fr, found.reason_en, found.remedy_fr, found.remedy_en)
    assert (found.code, found.file, found.centre_id) == (code, "a.csv", "alpha")
    assert all(texts)
    assert len(set(texts)) == 4
    assert "{" not in "".join(texts).replace("{x}", "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Été 2024.csv", "Été 2024.csv"), ("a\nb", "a\\nb"), ("a\u202eb", "a\\u202eb"), ("\udcff", "\\udcff")],
)
def test_a_name_is_printable(name, shown):
    assert printable(name) == shown
