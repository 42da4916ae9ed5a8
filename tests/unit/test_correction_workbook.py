"""The correction workbook as it opens: its columns, its order, its words in two languages, no formula in any cell."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.correction_answers import ANSWERS, lines_of
from pipelines.correction_workbook import workbook_sheets
from pipelines.corrections import State, Status
from pipelines.io.ledger import Ledger
from pipelines.io.report_files import write_workbook
from pipelines.io.tables import write_table
from tests.tables import parse
from validations.rules.catalogue import CATALOGUE

DAY = dt.date
TODAY = DAY(2026, 3, 1)
PLACE = ("finding_id", "row_id", "file", "sheet", "line")


class Centres:
    """A ledger and the accepted tables of some centres: what the workbook reads of a registry."""

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self.root, self.ledger, self.network = root, ledger, SimpleNamespace(id="n")

    def accepted_folder(self, centre_id: str) -> Path | None:
        folder = self.root / centre_id
        return folder if folder.exists() else None

    def raise_findings(self, *states: State) -> None:
        self.ledger.findings("n").record_night(states, fingerprint="data", today=TODAY)

    def accept(self, centre_id: str, *located: Mapping[str, Any], **staged: list[dict[str, Any]]) -> None:
        """Write the located findings of a centre and its staged rows by entity."""
        kinds = {"line": pa.int64()}
        columns = {n: pa.array([one.get(n) for one in located], kinds.get(n, pa.string())) for n in PLACE}
        write_table(pa.table(columns), self.root / centre_id / "finding.parquet")
        for entity, rows in staged.items():
            write_table(pa.Table.from_pylist(rows), self.root / centre_id / f"stg_{entity}.parquet")

    def open(self, path: Path, centre_id: str = "alpha") -> Worksheet:
        """The first sheet of the workbook of a centre, written and read again."""
        write_workbook(path, workbook_sheets(self, centre_id, today=TODAY), title="t", created=TODAY)  # type: ignore[arg-type]
        return openpyxl.load_workbook(path).worksheets[0]


@pytest.fixture
def centres(tmp_path: Path, ledger_file: Path) -> Iterator[Centres]:
    with Ledger(f"sqlite:///{ledger_file}", key_fingerprint="k") as ledger:
        yield Centres(tmp_path / "centres", ledger)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.xlsx"


def state(finding_id: str = "f1", **changes: Any) -> State:
    facts: dict[str, Any] = {
        "centre_id": "alpha", "rule_id": "SURGERY-001", "rule_version": 1, "severity": "warning",
        "table_name": "val_surgery", "field": "margin", "record_id": finding_id, "digest": "d",
        "first_seen": DAY(2026, 1, 1), "since": DAY(2026, 1, 1), "last_seen": TODAY, "status": Status.OPEN,
        "changed_run": 1,
    }  # fmt: skip
    return State(finding_id=finding_id, **{**facts, **changes})


def place(finding_id: str = "f1", row_id: str = "d:0:2", **more: Any) -> dict[str, Any]:
    return {"finding_id": finding_id, "row_id": row_id, "file": "actes.csv", "sheet": None, "line": 2} | more


def act(row_id: str = "d:0:2", **more: Any) -> dict[str, Any]:
    return {"row_id": row_id, "local_patient_id": "P1", "local_tumour_id": "T1", "margin": "R9"} | more


def headers(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[1]]


def lines(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows by the first line of their headers."""
    names = [header.split("\n")[0] for header in headers(sheet)]
    return [
        dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True) if any(row)
    ]


def references(sheet: Worksheet) -> list[str]:
    return [row["Référence (ne pas modifier)"] for row in lines(sheet)]


# --- its form ---

COLUMNS = """
    Gravité Severity | Vue depuis Since | Jours Days | Statut Status
    Patient (votre identifiant) Patient (your own id) | Tumeur Tumour
    Fichier File | Feuille Sheet | Ligne Line | Champ Field | Valeur lue Value read
    Ce qui ne va pas | Que faire
    Votre réponse Your answer | Votre commentaire (sans nom de personne) Your comment (no person's name)
    What is wrong | What to do
    Règle Rule | Référence (ne pas modifier) Reference (do not change)
"""


def test_its_columns_are_these_in_this_order(centres: Centres, out: Path):
    centres.raise_findings(state())
    wanted = [name.strip() for line in COLUMNS.strip().splitlines() for name in line.split("|")]
    assert [header.replace("\n", " ") for header in headers(centres.open(out))] == wanted


def test_it_has_two_sheets_and_the_second_says_how_to_use_it(centres: Centres, out: Path):
    centres.raise_findings(state())
    centres.open(out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["À corriger", "Mode d'emploi"]
    told = [row for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    assert len(told) == 5
    assert all(all(row) for row in told)
    assert [(row[0], row[2]) for row in told][:2] == [
        ("Ce classeur", "This workbook"),
        ("Corriger", "Correct"),
    ]


def test_its_header_stays_in_sight_and_its_rows_can_be_filtered(centres: Centres, out: Path):
    centres.raise_findings(state("f1"), state("f2"))
    sheet = centres.open(out)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:S3"
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("count", [1, 3])
def test_the_answers_are_offered_on_every_row_of_their_column_only(centres: Centres, out: Path, count: int):
    centres.raise_findings(*(state(f"f{number}") for number in range(count)))
    sheet = centres.open(out)
    [offered] = sheet.data_validations.dataValidation
    [column] = [cell.column_letter for cell in sheet[1] if str(cell.value).startswith("Votre réponse")]
    first, last = f"{column}2", f"{column}{count + 1}"
    assert str(offered.sqref) == (first if count == 1 else f"{first}:{last}")
    assert (offered.type, offered.formula1) == ("list", f'"{",".join(fr for fr, _ in ANSWERS.values())}"')


def test_what_is_offered_fits_into_a_list_of_a_spreadsheet():
    offered = [fr for fr, _ in ANSWERS.values()]
    assert len(",".join(offered)) <= 255
    assert not [word for word in offered if "," in word]


def test_its_reader_finds_its_columns(centres: Centres, out: Path):
    centres.raise_findings(state())
    sheet = centres.open(out)
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    [line] = lines_of(rows[0], rows[1:], [2], name="out.xlsx")
    assert (line.reference, line.rule, line.answer, line.comment) == ("f1", "SURGERY-001", "", "")


def test_the_same_findings_are_the_same_bytes(centres: Centres, tmp_path: Path):
    centres.raise_findings(state("f1"), state("f2"))
    centres.accept("alpha", place(), surgery=[act()])
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    centres.open(one)
    centres.open(two)
    assert one.read_bytes() == two.read_bytes()


# --- its rows ---


def test_a_row_says_what_is_wrong_where_in_both_languages(centres: Centres, out: Path):
    centres.raise_findings(state())
    centres.accept("alpha", place(sheet="Actes", line=12), surgery=[act()])
    rule = CATALOGUE["SURGERY-001"]
    assert lines(centres.open(out)) == [
        {
            "Gravité": "à vérifier · warning", "Vue depuis": "01/01/2026", "Jours": 59, "Statut": "ouverte · open",
            "Patient (votre identifiant)": "P1", "Tumeur": "T1", "Fichier": "actes.csv", "Feuille": "Actes",
            "Ligne": 12, "Champ": lines(centres.open(out))[0]["Champ"], "Valeur lue": "R9",
            "Ce qui ne va pas": rule.sentence_fr, "Que faire": rule.remedy_fr, "Votre réponse": None,
            "Votre commentaire (sans nom de personne)": None, "What is wrong": rule.sentence_en,
            "What to do": rule.remedy_en, "Règle": "SURGERY-001", "Référence (ne pas modifier)": "f1",
        }
    ]  # fmt: skip


FIELDS = parse("""
    table_name       | field            | label
    val_tumour       | laterality       | latéralité · laterality
    stg_tumour       | laterality       | latéralité · laterality
    val_surgery      | "no such field"  | no such field
    val_nothing      | margin           | margin
    -                | "Colonne de trop" | Colonne de trop
    val_tumour       | -                | -
    -                | -                | -
""")


@pytest.mark.parametrize("case", FIELDS, ids=lambda case: f"{case['table_name']} {case['field']}")
def test_a_field_has_its_name_in_both_languages_or_the_one_it_was_sent_under(
    centres: Centres, out: Path, case: dict[str, Any]
):
    centres.raise_findings(state(table_name=case["table_name"], field=case["field"]))
    assert lines(centres.open(out))[0]["Champ"] == case["label"]


ORDER = parse("""
    id | severity | since      | rule        | why
    e  | warning  | 2025-01-01 | SURGERY-001 | an old one, to verify
    b  | error    | 2026-01-02 | SURGERY-001 | a newer error
    a  | error    | 2026-01-01 | SURGERY-002 | an older error of a later rule
    d  | error    | 2026-01-01 | SURGERY-001 | the same day, an earlier rule
    c  | error    | 2026-01-01 | SURGERY-001 | the same rule, an earlier id
    f  | fatal    | 2026-02-01 | SURGERY-001 | the worst
""")


def test_the_worst_then_the_oldest_then_the_rule_then_the_id_come_first(centres: Centres, out: Path):
    centres.raise_findings(
        *(
            state(row["id"], severity=row["severity"], since=row["since"], rule_id=row["rule"])
            for row in ORDER
        )
    )
    assert references(centres.open(out)) == ["f", "c", "d", "a", "b", "e"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"status": Status.OPEN}, "ouverte · open"),
        (
            {"status": Status.ANSWERED},
            "répondue, attend le prochain dépôt · answered, awaits the next delivery",
        ),
        ({"status": Status.VERIFIED}, None),
        ({"status": Status.FIXED}, None),
        ({"status": Status.OBSOLETE}, None),
        ({"severity": "info"}, None),
        ({"centre_id": "beta"}, None),
    ],
    ids=["open", "answered", "verified", "fixed", "obsolete", "only counted", "of another centre"],
)
def test_only_what_is_raised_and_asked_of_this_centre_is_there(centres: Centres, out: Path, changes, shown):
    centres.raise_findings(state(**changes))
    assert [row["Statut"] for row in lines(centres.open(out))] == ([] if shown is None else [shown])


@pytest.mark.parametrize(
    ("since", "days", "written"),
    [(TODAY, 0, "01/03/2026"), (DAY(2026, 2, 28), 1, "28/02/2026"), (DAY(2025, 3, 1), 365, "01/03/2025")],
)
def test_its_age_is_counted_in_days(centres: Centres, out: Path, since: dt.date, days: int, written: str):
    centres.raise_findings(state(since=since))
    [row] = lines(centres.open(out))
    assert (row["Vue depuis"], row["Jours"]) == (written, days)


def test_a_rule_that_is_no_more_has_no_words_and_keeps_its_name(centres: Centres, out: Path):
    centres.raise_findings(state(rule_id="GONE-001"))
    [row] = lines(centres.open(out))
    assert (row["Règle"], row["Ce qui ne va pas"], row["What to do"]) == ("GONE-001", None, None)


def test_without_a_finding_there_is_a_header_and_nothing_to_answer(centres: Centres, out: Path):
    sheet = centres.open(out)
    assert lines(sheet) == []
    assert len(headers(sheet)) == 19
    assert sheet.data_validations.dataValidation == []
