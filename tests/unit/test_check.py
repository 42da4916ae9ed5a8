"""Which files a verdict before sending can speak for, what it leaves unasked; that it is the verdict of a run."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import check as module
from pipelines.account import check_closed
from pipelines.centre_work import CentreJob
from pipelines.check import Verdict, _unasked, _whole, check_files
from pipelines.check_remarks import Remark
from pipelines.cli.check_show import by_rule, row_account
from pipelines.cli.check_words import (
    consequence_words,
    declared_name,
    entity_words,
    field_words,
    rule_words,
    severity_words,
)
from pipelines.cli.show import choose_language
from pipelines.config import Centre
from pipelines.delivery import Delivery
from pipelines.errors import Refusal
from pipelines.io.store import Store
from pipelines.stage.centre import StagedCentre, stage_centre
from tests import small_network
from tests.conftest import KEY
from tests.dialects import centre, xls, xlsx
from validations.contracts.entities import ENTITIES
from validations.rules import contract as c
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Consequence, Severity

FOUR = centre(
    r"""
export: {format: csv}
files:
  - match: 'p(?P<part>\d)\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_name: NOM, sex: SEXE}}]}]
  - match: 't\.csv'
    sheets: [{tables: [{entity: tumour, columns: {local_patient_id: IPP, local_tumour_id: TUM}}]}]
  - match: 'c\.csv'
    sheets: [{tables: [{entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, surgery_date: D}}]}]
  - match: 'c2_(?P<exported>\d{8})\.csv'
    mode: incremental
    is_optional: true
    sheets: [{tables: [{entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, surgery_date: D}}]}]
"""
)
PATIENTS, TUMOURS, ACTS, MORE_ACTS = range(4)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "do_all", small_network.in_this_process)
    yield
    choose_language("fr")


def delivery(file_index: int, *, mode: Any = "full") -> Delivery:
    return Delivery(
        delivery_id=f"d{file_index}{mode}",
        centre_id="alpha",
        file_name=f"{file_index}.csv",
        content_hash="h",
        size=1,
        file_index=file_index,
        mode=mode,
    )


# --- what the files can answer ---


@pytest.mark.parametrize(
    ("given", "doubtful", "whole"),
    [
        # every file that a run waits for
        ([PATIENTS, TUMOURS, ACTS], set(), None),
        # a file that is not given
        ([PATIENTS, TUMOURS], set(), {"patient_identity", "tumour"}),
        ([PATIENTS, ACTS], set(), {"patient_identity"}),
        ([ACTS], set(), set()),
        # one of which a part is missing, or that is refused
        ([PATIENTS, TUMOURS, ACTS], {PATIENTS}, {"tumour"}),
        ([TUMOURS, ACTS], {PATIENTS}, {"tumour"}),
        # the acts are in two files, one of which is refused
        ([PATIENTS, TUMOURS, ACTS], {MORE_ACTS}, {"patient_identity", "tumour"}),
        ([], set(), set()),
    ],
)
def test_an_entity_is_whole_when_each_of_its_files_is(
    given: list[int], doubtful: set[int], whole: set[str] | None
):
    assert _whole(FOUR, map(delivery, given), doubtful) == whole


@pytest.mark.parametrize(
    ("modes", "whole"),
    [
        (["incremental"], {"patient_identity", "tumour"}),
        (["full"], None),
        (["full", "incremental"], None),  # it begins with a full export
    ],
)
def test_increments_are_whole_with_the_full_export_that_they_follow(modes: list[str], whole: set[str] | None):
    sent = [*map(delivery, (PATIENTS, TUMOURS, ACTS)), *(delivery(MORE_ACTS, mode=mode) for mode in modes)]
    assert _whole(FOUR, sent, set()) == whole


def job(*given: int) -> CentreJob:
    sent = tuple(map(delivery, given))
    nowhere = Path("nowhere")
    return CentreJob(
        network_id="net", centre=FOUR, deliveries=sent, store=nowhere, target=nowhere, key=KEY,
        whole=_whole(FOUR, sent, set()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "unasked", "asked"),
    [
        ([PATIENTS, TUMOURS, ACTS], set(), {c.UNKNOWN_PATIENT, c.UNKNOWN_TUMOUR}),
        ([PATIENTS, TUMOURS], set(), {c.UNKNOWN_PATIENT, c.UNKNOWN_TUMOUR}),
        ([PATIENTS, ACTS], {c.UNKNOWN_TUMOUR}, {c.UNKNOWN_PATIENT}),
        ([TUMOURS, ACTS], {c.UNKNOWN_PATIENT}, {c.UNKNOWN_TUMOUR}),
        ([ACTS], {c.UNKNOWN_PATIENT, c.UNKNOWN_TUMOUR}, set()),
    ],
)
def test_what_is_not_asked_is_named(given: list[int], unasked: set[str], asked: set[str]):
    found = {*_unasked(job(*given))}
    assert unasked <= found
    assert not asked & found


def test_a_rule_that_looks_at_the_patient_is_named_when_no_patient_is_given():
    looking = {
        rule.id
        for rule in CATALOGUE.values()
        if rule.table == "surgery" and "patient." in f"{rule.applies_when} {rule.violated_when}"
    }
    assert looking
    assert looking <= {*_unasked(job(TUMOURS, ACTS))}
    assert not looking & {*_unasked(job(PATIENTS, TUMOURS, ACTS))}


def test_a_rule_of_a_table_that_the_centre_never_sends_is_not_called_unasked():
    tables = {CATALOGUE[rule_id].table for rule_id in _unasked(job(ACTS))}
    assert tables <= {"", "patient_identity", "tumour", "surgery"}


# --- how it ends ---


def remark(rule_id: str = c.UNKNOWN_WORD, **more: Any) -> Remark:
    facts: dict[str, Any] = {
        "entity": "surgery", "file": "c.csv", "sheet": None, "line": 2, "field": "margin", "column": "MARGE",
        "is_set_aside": False,
    }  # fmt: skip
    return Remark(rule=CATALOGUE[rule_id], **facts | more)


REFUSAL = Refusal("header_only", "c.csv", "alpha", "a", "b", "c", "d")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, 0),
        ({"remarks": (remark(c.DATE_ORDER_FOUND),)}, 0),  # only counted
        ({"remarks": (remark(),)}, 1),
        ({"remarks": (remark(c.DATE_ORDER_FOUND), remark())}, 1),
        ({"refusals": (REFUSAL,)}, 1),
        ({"is_refused": True}, 2),
        ({"is_refused": True, "remarks": (remark(),)}, 2),
    ],
)
def test_the_exit_code(facts: dict[str, Any], code: int):
    assert Verdict(**{"read": (), "is_refused": False, **facts}).exit_code == code


def test_the_worst_and_most_frequent_rules_come_first():
    found = [remark(c.DATE_ORDER_FOUND), *[remark(c.NOT_A_DATE, line=n) for n in (4, 5)], remark(c.UNKNOWN_WORD),
             *[remark(c.SHIFTED_DAY, file=f"{n}.csv") for n in (1, 2, 3)]]  # fmt: skip
    verdict = Verdict(read=(), is_refused=False, remarks=tuple(sorted(found, key=lambda one: one.order)))
    assert [(first.rule.id, count, files) for first, count, files in by_rule(verdict)] == [
        (c.NOT_A_DATE, 2, 1),
        (c.UNKNOWN_WORD, 1, 1),
        (c.SHIFTED_DAY, 3, 3),
        (c.DATE_ORDER_FOUND, 1, 1),
    ]


# --- words ---


@pytest.mark.parametrize("language", ["fr", "en"])
def test_everything_has_words_in_both_languages(language: str):
    choose_language(language)
    assert all(map(severity_words, Severity))
    assert all(map(consequence_words, Consequence))
    assert all(entity_words(entity) != entity or language == "en" for entity in ENTITIES)
    names = {field.name for fields in ENTITIES.values() for field in fields} | {"day_first", "month_first"}
    assert all(field_words(remark(field=name)) for name in names)
    assert all(all(rule_words(remark(rule_id))) for rule_id in CATALOGUE)


def test_a_column_that_nobody_described_has_no_words():
    assert field_words(remark(c.UNMAPPED_COLUMN, field="DURAND")) == ""


@pytest.mark.parametrize(
    ("match", "name"),
    [
        (r"patients\.csv", "patients.csv"),
        (r"CHIR_(?P<exported>\d{8})\.csv", "CHIR_<exported>.csv"),
        (r"p(_v(?P<version>\d))?_(?P<part>\d+)\.xlsx", "p(_v<version>)?_<part>.xlsx"),
    ],
)
def test_a_declared_file_is_named_as_people_write_it(match: str, name: str):
    assert declared_name(match) == name


# --- the verdict of a run, in every dialect ---

MAPS = """
    sheets:
      - {sheet: P, tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_date: NE, sex: SEXE}}]}
      - {sheet: C, tables: [{entity: tumour,
                             columns: {local_patient_id: IPP, local_tumour_id: TUM, diagnosis_date: DIAG}},
                            {entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, surgery_date: CHIR,
                                                        margin: MARGE}}]}
values: {sex: {F: [f], M: [h]}, margin: {R0: [sain]}}
"""
PEOPLE = [
    ["IPP", "NE", "SEXE", "PLUS"],
    ["1", "12/03/1961", "f", ""],
    ["2", "31/02/1955", "?", "x"],
    ["", "", "h", ""],
]
CARE = [["IPP", "TUM", "DIAG", "CHIR", "MARGE"], ["1", "1", "03/04/2017", "01/06/2017", "sain"],
        ["1", "1", "03/04/2017", "01/06/2015", "?"], ["9", "1", "99/99/2018", "", ""],
        ["2", "1", "", "", ""]]  # fmt: skip
WORKBOOKS = {
    "xlsx": xlsx(PEOPLE, title="P", more={"C": CARE}),
    "xls": xls(PEOPLE, title="P"),
}


def staged(where: Centre, files: dict[str, bytes], root: Path) -> StagedCentre:
    """What a run makes of the files."""
    store = Store(root)
    sent = [
        Delivery(
            delivery_id=f"d{rank}", centre_id=where.id, file_name=name, content_hash=store.put(content),
            size=len(content), file_index=next(i for i, f in enumerate(where.files) if f.pattern.fullmatch(name)),
        )
        for rank, (name, content) in enumerate(files.items())
    ]  # fmt: skip
    return stage_centre(
        where, sent, open_delivery=lambda d: store.path(d.content_hash), network_id="net", key=KEY
    )


def judged(where: Centre, files: dict[str, bytes], root: Path) -> Verdict:
    for name, content in files.items():
        (root / name).write_bytes(content)
    return check_files([root / name for name in files], network_id="net", centre=where)


Told = list[tuple[str, str, str, int, str, bool]]


def told(verdict: Verdict) -> Told:
    return sorted(
        (r.rule.id, r.file, r.sheet or "", r.line, r.field, r.is_set_aside) for r in verdict.remarks
    )


def found_by(result: StagedCentre) -> Told:
    names = ["rule_id", "file", "sheet", "line", "field", "is_quarantined"]
    rows = result.findings.select(names).to_pylist()
    return sorted((a, b, sheet or "", *rest) for a, b, sheet, *rest in (tuple(row.values()) for row in rows))


def assert_same(verdict: Verdict, result: StagedCentre) -> None:
    assert told(verdict) == found_by(result)
    assert [r.code for r in verdict.refusals] == [r.code for r in result.refusals]
    assert verdict.is_refused is not result.is_accepted
    assert verdict.rows_set_aside == sum(a.rows_set_aside for a in result.accounts if a.step != "read")


def test_a_workbook_of_several_entities(tmp_path: Path):
    where = centre("export: {format: xlsx}\nfiles:\n  - match: 'x\\.xlsx'" + MAPS)
    files = {"x.xlsx": WORKBOOKS["xlsx"]}
    verdict = judged(where, files, tmp_path)
    assert_same(verdict, staged(where, files, tmp_path / "store"))
    assert {(r.sheet, r.entity) for r in verdict.remarks} == {
        ("P", "patient_identity"), ("C", "tumour"), ("C", "surgery"),
    }  # fmt: skip
    assert {r.patient for r in verdict.remarks} == {"1", "2", "9", None}


def test_a_workbook_without_one_of_its_sheets_is_refused_by_both(tmp_path: Path):
    where = centre("export: {format: xls}\nfiles:\n  - match: 'x\\.xls'" + MAPS)
    files = {"x.xls": WORKBOOKS["xls"]}
    verdict, result = judged(where, files, tmp_path), staged(where, files, tmp_path / "store")
    assert [r.code for r in verdict.refusals] == [r.code for r in result.refusals] == ["missing_sheet"]
    assert (verdict.exit_code, verdict.read, verdict.remarks) == (2, (), ())


SPLIT = centre(
    r"""
export: {format: csv, encoding: cp1252, separator: "\t", dates: auto, missing: ["", "NR"]}
files:
  - match: 'p\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_date: NE, sex: SEXE}}]}]
  - match: 't\.csv'
    sheets: [{tables: [{entity: tumour, columns: {local_patient_id: IPP, local_tumour_id: TUM, diagnosis_date: DIAG}}]}]
values: {sex: {F: [f]}}
"""
)
cell = st.sampled_from(["", "1", "2", "NR", "04/05/2015", "13/05/2015", "05/13/2015", "f", "é", '"x', "=1+1"])
lines = st.lists(st.lists(cell, min_size=1, max_size=4).map("\t".join), max_size=6).map("\n".join)


@given(people=lines, tumours=lines)
@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
def test_the_verdict_is_that_of_a_run_whatever_the_files_hold(people: str, tumours: str):
    files = {
        "p.csv": f"IPP\tNE\tSEXE\n{people}\n".encode("cp1252"),
        "t.csv": f"IPP\tTUM\tDIAG\n{tumours}\n".encode("cp1252"),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        verdict, result = judged(SPLIT, files, root), staged(SPLIT, files, root / "store")
    assert [r.code for r in verdict.refusals] == [r.code for r in result.refusals]
    assert verdict.is_refused is not result.is_accepted
    check_closed(verdict.accounts, verdict.reasons)
    for rows in row_account(verdict):
        received, *outcomes = rows.counts.values()
        assert received == sum(outcomes)
    if result.is_accepted:
        assert_same(verdict, result)


def test_the_declared_day_of_an_export_is_that_of_its_name(tmp_path: Path):
    """A date after the export is asked about: the day comes from the name, here as in a run."""
    where = centre(
        r"""
export: {format: csv}
files:
  - match: 'p_(?P<exported>\d{8})\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_date: NE}}]}]
"""
    )
    text = b"IPP;NE\n1;01/07/2020\n"
    [early] = judged(where, {"p_20200101.csv": text}, tmp_path).read
    assert early.exported == dt.date(2020, 1, 1)
    before = {r.rule.id for r in judged(where, {"p_20200101.csv": text}, tmp_path).remarks}
    after = {r.rule.id for r in judged(where, {"p_20210101.csv": text}, tmp_path).remarks}
    assert before - after
