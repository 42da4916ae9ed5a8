"""A whole proposal, on small exports written by hand: what is taken, what is asked, what the file says."""

import pytest

from pipelines.config import Centre
from pipelines.io.configuration import parse_yaml
from pipelines.io.reading.found import Decision
from pipelines.propose.about import About
from pipelines.propose.centre_text import centre_text
from pipelines.propose.proposal import Proposal, propose
from pipelines.propose.questions import Answers, answer, questions
from pipelines.propose.reading import load_lexicon, usual_separator
from pipelines.propose.source import SourceTable

ABOUT = About(
    id="vallee", network="netsarc", city="Ville", region="Région", role="expert", morphology_version="icdo32"
)

PATIENTS = """
IPP   | Nom      | Prénom | Sexe | Date de naissance | Statut vital
A-001 | ARDILLON | Zoé    | F    | 13/04/1961        | vivant
A-002 | BEZAUDUN | Luc    | H    | 25/11/1955        | vivant
A-003 | CORNUAUD | Ana    | F    | 30/01/1978        | DCD
A-004 | DESSAGNE | Guy    | H    | 02/12/1949        | vivant
A-005 | ESCANDE  | Eve    | F    | 17/08/1990        | vivant
A-006 | FOUILHAC | Max    | H    | 21/06/1966        | ???
"""
SURGERIES = """
IPP   | tumeur | Date       | Geste     | Marges | Remarque
A-001 | 1      | 14/05/2024 | exérèse   | R0     | ras
A-002 | 1      | 22/06/2024 | exérèse   | R1     | ras
A-003 | 1      | 30/07/2024 | amputation| R0     | suite
A-004 | 1      | 15/09/2024 | exérèse   | R2     | ras
A-004 | 2      | 28/10/2024 | reprise   | R0     | ras
A-005 | 1      | 19/11/2024 | exérèse   | R0     | ras
"""


def source(text: str, file: str, **more: object) -> SourceTable:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    decisions = (
        Decision(what="encoding", value="cp1252", confidence=0.9, evidence="accents"),
        Decision(what="separator", value=";", confidence=0.9, evidence="cells"),
    )
    facts: dict[str, object] = {"format": "csv", "decisions": decisions} | more
    return SourceTable(file=file, header=tuple(rows[0]), columns=tuple(zip(*rows[1:], strict=True)), **facts)


def export(**more: object) -> list[SourceTable]:
    return [source(PATIENTS, "patients_20260102.csv", **more), source(SURGERIES, "chir_20260102.csv", **more)]


def targets(proposal: Proposal) -> dict[str, str]:
    return {c.header: c.target for _, c in proposal.columns if c.is_taken}


def read_back(proposal: Proposal, about: About = ABOUT) -> Centre:
    return parse_yaml(centre_text(proposal, about), Centre, where="test")


def test_the_columns_of_two_files_are_matched():
    found = propose(export(), load_lexicon())
    assert targets(found) == {
        "IPP": "tumour.local_patient_id",
        "Nom": "patient_identity.birth_name",
        "Prénom": "patient_identity.first_names",
        "Sexe": "patient_identity.sex",
        "Date de naissance": "patient_identity.birth_date",
        "Statut vital": "patient_identity.vital_status",
        "tumeur": "tumour.local_tumour_id",
        "Date": "surgery.surgery_date",
        "Geste": "surgery.surgery_kind",
        "Marges": "surgery.margin",
    }


def test_the_file_that_is_written_is_the_centre_that_is_read():
    centre = read_back(propose(export(), load_lexicon()))
    assert [file.match for file in centre.files] == [
        r"patients_(?P<exported>\d{8})\.csv",
        r"chir_(?P<exported>\d{8})\.csv",
    ]
    [surgery] = centre.files[1].sheets[0].tables
    assert surgery.columns == {
        "local_patient_id": "IPP",
        "local_tumour_id": "tumeur",
        "surgery_date": "Date",
        "surgery_kind": "Geste",
        "margin": "Marges",
    }
    assert centre.files[1].sheets[0].ignored == ("Remarque",)
    assert (centre.export.encoding, centre.export.separator, centre.export.dates) == (
        "cp1252",
        ";",
        "day_first",
    )
    assert centre.values["vital_status"] == {"alive": ("vivant",), "dead": ("DCD",)}


def test_what_is_left_is_asked_for_and_marked():
    found = propose(export(), load_lexicon())
    assert [(q.part, q.key) for q in questions(found, ABOUT)] == [("values", "vital_status: ???")]
    assert '# à décider: "???" (1 ×)' in centre_text(found, ABOUT)


def test_what_nobody_said_of_the_centre_is_asked_and_harmless():
    about = About(id="vallee", network="netsarc")
    found = propose(export(), load_lexicon())
    assert [q.key for q in questions(found, about) if q.part == "centre"] == ["city", "region", "role"]
    assert read_back(found, about).roles[0].role == "outside"


def test_answers_settle_columns_words_and_writing():
    answers = Answers(
        columns={"Remarque": "surgery.surgery_facility", "Prénom": "ignored"},
        values={"vital_status": {"???": "lost"}},
        export={"dates": "month_first"},
    )
    found = answer(propose(export(), load_lexicon(), columns=answers.columns), answers)
    centre = read_back(found)
    assert questions(found, ABOUT) == []
    assert centre.files[1].sheets[0].tables[0].columns["surgery_facility"] == "Remarque"
    assert "first_names" not in centre.files[0].sheets[0].tables[0].columns
    assert centre.values["vital_status"]["lost"] == ("???",)
    assert centre.export.dates == "month_first"


def test_a_word_may_be_answered_missing():
    answers = Answers(values={"vital_status": {"???": "missing"}})
    centre = read_back(answer(propose(export(), load_lexicon()), answers))
    assert centre.export.missing == ("", "???")


def test_two_columns_for_one_field_are_not_both_taken():
    answers = {"Remarque": "surgery.margin"}
    found = propose(export(), load_lexicon(), columns=answers)
    taken = [c.header for _, c in found.columns if c.is_taken and c.field == "margin"]
    assert taken == ["Remarque"]
    assert "Marges" in [q.key for q in questions(found, ABOUT)]


@pytest.mark.parametrize("name", ["Marges", ""])
def test_a_header_that_stands_twice_or_is_blank_is_not_mapped(name):
    text = SURGERIES.replace("Remarque", name)
    found = propose([source(text, "chir_20260102.csv")], load_lexicon())
    assert name not in targets(found)


def test_a_lone_sex_makes_no_patient():
    found = propose(
        [source(SURGERIES.replace("Remarque", "Sexe").replace("ras", "F"), "chir.csv")], load_lexicon()
    )
    assert "Sexe" not in targets(found)


def test_a_table_without_patients_is_left_out_and_asked_for():
    text = SURGERIES.replace("IPP", "Salle").replace("A-00", "bloc ")
    found = propose([source(text, "chir_20260102.csv")], load_lexicon())
    assert ("sheets", "") in [(q.part, q.key) for q in questions(found, ABOUT)]
    assert '# à décider: "chir_20260102.csv"' in centre_text(found, ABOUT)


def test_keys_are_known_by_their_values_when_their_headers_say_nothing():
    files = {"patients_20260102.csv": PATIENTS, "chir_20260102.csv": SURGERIES, "op_20260102.csv": SURGERIES}
    tables = [source(text.replace("IPP", "XQ"), file) for file, text in files.items()]
    found = propose(tables, load_lexicon())
    assert targets(found)["XQ"] == "tumour.local_patient_id"


def test_repeated_columns_are_one_table_each():
    text = """
    IPP | Date du diagnostic | Histologie      | chir1_date | chir1_marges | chir2_date | chir2_marges
    A1  | 13/04/2024         | Léiomyosarcome  | 14/05/2024 | R0           |            |
    A2  | 25/05/2024         | Angiosarcome    | 15/06/2024 | R1           | 16/08/2024 | R0
    """
    centre = read_back(propose([source(text, "tout_20260102.csv")], load_lexicon()))
    tables = [
        (t.entity, t.columns.get("surgery_date"), t.columns.get("margin"))
        for t in centre.files[0].sheets[0].tables
    ]
    assert tables == [
        ("tumour", None, None),
        ("surgery", "chir1_date", "chir1_marges"),
        ("surgery", "chir2_date", "chir2_marges"),
    ]
    assert all(t.constants["local_tumour_id"] == "1" for t in centre.files[0].sheets[0].tables)


def test_doses_alone_are_radiotherapies_and_news_alone_are_the_last():
    text = """
    IPP | Date du diagnostic | Histologie     | Date début RT | Dose (Gy) | Date des dernières nouvelles
    A1  | 13/04/2024         | Léiomyosarcome | 14/05/2024    | 50        | 14/05/2025
    A2  | 25/05/2024         | Angiosarcome   | 15/06/2024    | 60        | 16/08/2025
    """
    centre = read_back(propose([source(text, "tout_20260102.csv")], load_lexicon()))
    constants = {t.entity: t.constants for t in centre.files[0].sheets[0].tables}
    assert constants["treatment"]["treatment_kind"] == "radiotherapy"
    assert constants["follow_up"]["follow_up_event"] == "last_news"


def test_a_workbook_names_its_sheets_and_no_separator():
    tables = [source(PATIENTS, "w_20260102.xlsx", format="xlsx", sheet="Pat", header_line=3),
              source(SURGERIES, "w_20260102.xlsx", format="xlsx", sheet="Chir", header_rows=2)]  # fmt: skip
    centre = read_back(propose(tables, load_lexicon()))
    assert [(s.sheet, s.header_line, s.header_rows) for s in centre.files[0].sheets] == [
        ("Pat", 3, 1),
        ("Chir", 1, 2),
    ]
    assert centre.export.format == "xlsx"


def test_no_value_of_an_identity_column_is_written_or_asked():
    found = propose(export(), load_lexicon())
    said = centre_text(found, ABOUT) + repr(questions(found, About(id="x", network="netsarc")))
    assert not [word for word in ("ARDILLON", "Zoé", "1961", "A-001") if word in said]


@pytest.mark.parametrize(
    ("separators", "usual"),
    [
        ((";", ";", "space"), ";"),
        (("tab", "tab", ","), "\t"),
        ((";", ";"), None),
        ((";", ","), None),
        ((), None),
    ],
)
def test_the_files_of_a_centre_share_a_separator(separators, usual):
    tables = [
        source(
            PATIENTS, "x.csv", decisions=(Decision(what="separator", value=s, confidence=1.0, evidence=""),)
        )
        for s in separators
    ]
    assert usual_separator(tables) == usual
