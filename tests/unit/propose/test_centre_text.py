"""Whatever a header, a word or a name holds, the text says it back and nothing more."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.propose.about import About
from pipelines.propose.centre_text import centre_text
from pipelines.propose.choice import Choice
from pipelines.propose.profile import profile
from pipelines.propose.proposal import Column, File, Proposal, Sheet
from pipelines.propose.source import SourceTable
from pipelines.propose.values import Word

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def proposal(header: str, word: str, code: str | None = "R0", confidence: float = 0.9) -> Proposal:
    seen = profile(["1"])
    columns = (
        Column(header="IPP", entity="tumour", field="local_patient_id", confidence=0.9, profile=seen),
        Column(header=header, entity="surgery", field="margin", confidence=confidence, profile=seen),
        Column(header="Date", entity="surgery", field="surgery_date", confidence=0.9, profile=seen),
    )
    table = SourceTable(file="x.csv", format="csv", header=("IPP", header, "Date"), columns=(("1",),) * 3)
    return Proposal(
        export=(Choice(key="dates", value="day_first", confidence=0.2, fr="rien", en="nothing"),),
        missing=(word,),
        files=(File(match=r"x\.csv", names=("x.csv",), sheets=(Sheet(source=table, columns=columns),)),),
        words=(Word(field="margin", word=word, n=1, code=code, confidence=0.9),),
    )


@settings(deadline=None)
@given(header=TEXTS, word=TEXTS, name=TEXTS)
def test_any_text_is_read_back_as_it_is(header: str, word: str, name: str):
    text = centre_text(proposal(header, word), About(id="x", network="netsarc", name=name))
    found = yaml.safe_load(text)
    assert found["files"][0]["sheets"][0]["tables"][0]["columns"]["margin"] == header
    assert found["values"] == {"margin": {"R0": [word]}}
    assert found["name"] == name


@settings(deadline=None)
@given(header=TEXTS, word=TEXTS)
def test_what_is_left_stays_a_comment(header: str, word: str):
    text = centre_text(proposal(header, word, code=None, confidence=0.3), About(id="x", network="netsarc"))
    found = yaml.safe_load(text)
    assert "margin" not in found["files"][0]["sheets"][0]["tables"][0]["columns"]
    assert found["values"] == {}


@pytest.mark.parametrize(
    "part", ["dates: day_first  # à décider: 0.20 rien", "# à décider: role", 'city: "?"  # à décider']
)
def test_doubts_are_marked(part: str):
    assert part in centre_text(proposal("Marges", "R0"), About(id="x", network="netsarc"))
