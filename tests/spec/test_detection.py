"""The scorecard of detection, counted by hand on small tables, then on a network where each fault is planted once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest

from pipelines import detection
from pipelines.detection import (
    NATURES,
    AlarmScore,
    Detection,
    FaultScore,
    added,
    compare,
    detect,
    fault_rules,
    recall,
)
from pipelines.io.configuration import read_calibration
from pipelines.io.share import share
from tests import small_network
from tests.small_network import IDENTITY, OID, SURGERY, TUMOUR, SmallNetwork, _file, _table
from tests.tables import parse
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Rule, Severity

#: What is no rule: a repeated line made one, a date kept as a month or a year.
OTHER_SIGNS = {"merged", "partial"}

# --- the declaration ---


def declared() -> list[dict[str, Any]]:
    return (
        read_calibration("faults").astype(object).where(lambda table: table.notna(), None).to_dict("records")
    )


def test_every_fault_says_how_it_is_detected():
    rows = declared()
    assert {row["nature"] for row in rows} == set(NATURES)
    assert [
        row["kind"] for row in rows if row["nature"] in ("certain", "sometimes") and not row["signs"]
    ] == []
    assert [row["kind"] for row in rows if row["nature"] == "unasked" and row["signs"]] == []


def test_a_sign_is_a_rule_of_the_catalogue_or_one_of_two_words():
    signs = {sign for row in declared() for sign in (row["signs"] or "").split()}
    assert signs >= OTHER_SIGNS
    assert signs - OTHER_SIGNS <= set(CATALOGUE)


def test_a_rule_that_is_a_sign_speaks_of_the_field_of_the_fault():
    rules = [
        (CATALOGUE[sign], row)
        for row in declared()
        for sign in (row["signs"] or "").split()
        if sign in CATALOGUE and CATALOGUE[sign].table
    ]
    assert [
        rule.id for rule, row in rules if (rule.table, rule.fields[0]) != (row["entity"], row["field"])
    ] == []
    assert len(rules) > 8


# --- by hand ---

RULES = """
    rule_rank | kind | entity  | field | nature
    0         | typo | tumour  | size  | certain
    1         | twice| tumour  | -     | certain
    2         | gone | tumour  | size  | certain
    3         | name | patient | name  | linkage
    4         | rare | tumour  | size  | certain
"""
SIGNS = """
    rule_rank | sign
    0         | DIAGNOSIS-013
    0         | DIAGNOSIS-014
    1         | merged
    1         | CONTRACT-011
    2         | DIAGNOSIS-005
"""
ROWS = """
    entity  | row_id  | centre_id | file | line | rank | local_patient_id
    tumour  | "d:0:2" | a         | f    | 2    | 0    | p2
    tumour  | "d:0:3" | a         | f    | 3    | 0    | p3
    tumour  | "d:0:4" | a         | f    | 4    | 0    | p4
    patient | "d:1:2" | a         | f    | 2    | 1    | p2
    patient | "d:1:3" | a         | f    | 3    | 1    | p3
    act     | "e:0:2" | a         | g    | 2    | 0    | p2
    act     | "e:0:3" | a         | g    | 3    | 0    | p3
"""
HEAD = {
    "truth_fault": "centre_id | file | rank | line | entity | local_patient_id | field | kind",
    "finding": "row_id | centre_id | file | line | field | rule_id | severity | is_quarantined",
    "merged": "row_id | into_row_id | outcome",
    "partial_date": "row_id | field",
}
TYPES = {"rank": pa.int64(), "line": pa.int64(), "rule_rank": pa.int64(), "is_quarantined": pa.bool_()}


def arrow(text: str) -> pa.Table:
    rows = parse(text)
    names = [name.strip() for name in text.strip().splitlines()[0].split("|")]
    return pa.table(
        {name: pa.array([row[name] for row in rows], TYPES.get(name, pa.string())) for name in names}
    )


def scored(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, faults: str, **found: str
) -> Detection:
    """The scorecard of these faults, findings, merged rows and partial dates over the seven rows."""
    rules = {"fault_rule": arrow(RULES), "fault_sign": arrow(SIGNS)}
    monkeypatch.setattr(detection, "fault_rules", lambda: rules)
    given = {"truth_fault": faults, **found}
    for name, head in HEAD.items():
        con.register(name, arrow("\n".join([head, given.get(name, "")])))
    con.register("staged", arrow(ROWS))
    return compare(con)


def counts(score: Detection, kind: str) -> tuple[int, int, int, int]:
    """Injected, detected, missed, hidden."""
    [one] = [fault for fault in score.faults if fault.kind == kind]
    return one.injected, one.detected, one.missed, one.hidden


AT_2 = "a | f | 0 | 2 | tumour | p2 | size | typo"


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ('"d:0:2" | a | f | 2 | size | DIAGNOSIS-013 | warning | false', (1, 1, 0, 0)),
        ('"d:0:2" | a | f | 2 | size | DIAGNOSIS-014 | info | false', (1, 1, 0, 0)),  # whatever its severity
        ('"d:0:2" | a | f | 2 | size | DIAGNOSIS-005 | error | false', (1, 0, 1, 0)),  # another rule
        ('"d:0:2" | a | f | 2 | depth | DIAGNOSIS-013 | error | false', (1, 0, 1, 0)),  # another field
        ('"d:0:3" | a | f | 3 | size | DIAGNOSIS-013 | error | false', (1, 0, 1, 0)),  # another line
        (
            '"d:1:2" | a | f | 2 | size | DIAGNOSIS-013 | error | false',
            (1, 0, 1, 0),
        ),  # another table of the line
        ('"d:0:2" | b | f | 2 | size | DIAGNOSIS-013 | error | false', (1, 0, 1, 0)),  # another centre
        ('"d:0:2" | a | g | 2 | size | DIAGNOSIS-013 | error | false', (1, 0, 1, 0)),  # another file
        ('"d:0:2" | a | f | 2 | key | CONTRACT-001 | error | true', (1, 0, 0, 1)),  # its row was set aside
        ('"d:1:2" | a | f | 2 | key | CONTRACT-001 | error | true', (1, 0, 1, 0)),  # another table's row was
        ('"d:1:2" | a | f | 2 | - | CONTRACT-011 | error | true', (1, 0, 0, 1)),  # the whole line was
        ("", (1, 0, 1, 0)),
    ],
)
def test_a_fault_is_detected_by_its_sign_at_its_place(con, monkeypatch, finding, expected):
    assert counts(scored(con, monkeypatch, AT_2, finding=finding), "typo") == expected


def test_two_signs_of_one_fault_are_one_detection(con, monkeypatch):
    both = "\n".join(
        f'"d:0:2" | a | f | 2 | size | DIAGNOSIS-{number} | warning | false' for number in ("013", "014")
    )
    assert counts(scored(con, monkeypatch, AT_2, finding=both), "typo") == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("merged", "expected"),
    [
        ('"d:0:99" | "d:0:2" | merged', (1, 1, 0, 0)),
        ('"d:0:99" | "d:0:3" | merged', (1, 0, 1, 0)),  # another line was repeated
        ('"d:1:99" | "d:1:2" | merged', (1, 0, 1, 0)),  # only its patient is said again
        ('"d:0:99" | "d:0:2" | filtered', (1, 0, 1, 0)),  # a later export replaced it
    ],
)
def test_a_line_written_twice_is_detected_when_it_is_made_one(con, monkeypatch, merged, expected):
    twice = "a | f | 0 | 2 | tumour | p2 | - | twice"
    assert counts(scored(con, monkeypatch, twice, merged=merged), "twice") == expected


def test_a_line_that_cannot_be_read_is_detected_whatever_table_names_it(con, monkeypatch):
    """A line of several tables is reported under the first of them."""
    line = "a | f | 0 | 9 | tumour | p9 | - | twice"
    finding = '"d:1:9" | a | f | 9 | - | CONTRACT-011 | error | true'
    assert counts(scored(con, monkeypatch, line, finding=finding), "twice") == (1, 1, 0, 0)


def test_a_cell_struck_twice_shows_the_later_fault_only(con, monkeypatch):
    both = "\n".join([AT_2, AT_2.replace("typo", "gone")])
    finding = '"d:0:2" | a | f | 2 | size | DIAGNOSIS-005 | warning | false'
    score = scored(con, monkeypatch, both, finding=finding)
    assert (counts(score, "typo"), counts(score, "gone")) == ((1, 0, 0, 1), (1, 1, 0, 0))


def test_a_fault_that_no_line_has_room_for_is_hidden(con, monkeypatch):
    assert counts(scored(con, monkeypatch, "a | f | - | - | tumour | p2 | size | typo"), "typo") == (
        1,
        0,
        0,
        1,
    )


def test_a_fault_that_was_never_injected_has_no_recall(con, monkeypatch):
    score = scored(con, monkeypatch, AT_2)
    [rare] = [fault for fault in score.faults if fault.kind == "rare"]
    assert (counts(score, "rare"), rare.recall) == ((0, 0, 0, 0), None)
    assert [fault.kind for fault in score.certain] == ["typo", "twice", "gone", "rare"]


def test_rows_without_a_fault_are_the_clean_ones(con, monkeypatch):
    """A fault of the tumour leaves the patient of the same line clean."""
    assert scored(con, monkeypatch, AT_2).clean_rows == {"act": 2, "patient": 2, "tumour": 2}


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ('"d:0:3" | a | f | 3 | size | DIAGNOSIS-013 | error | false', [("DIAGNOSIS-013", 1, 0)]),
        (
            '"d:1:2" | a | f | 2 | name | IDENTITY-008 | error | false',
            [("IDENTITY-008", 1, 0)],
        ),  # beside a fault
        ('"d:0:2" | a | f | 2 | size | DIAGNOSIS-013 | error | false', []),  # on a row with a fault
        ('"d:0:1" | a | f | 1 | size | CONTRACT-015 | error | false', [("CONTRACT-015", 1, 0)]),  # on a file
        ('"e:0:2" | a | g | 2 | key | CONTRACT-013 | error | true', [("CONTRACT-013", 1, 0)]),  # p2 is there
    ],
)
def test_a_finding_where_no_fault_is_is_an_alarm(con, monkeypatch, finding, expected):
    score = scored(con, monkeypatch, AT_2, finding=finding)
    assert [(alarm.rule_id, alarm.alarms, alarm.following) for alarm in score.alarms] == expected
    assert score.false_alarms("error") == len(expected)


@pytest.mark.parametrize(("field", "clean"), [("-", 1), ("local_patient_id", 1), ("size", 2)])
def test_a_fault_of_a_line_leaves_nothing_clean_in_it(con, monkeypatch, field, clean):
    """A key that is empty is empty for the tumour and for the patient of the same line."""
    line = f"a | f | 0 | 2 | tumour | p2 | {field} | typo"
    finding = '"d:1:2" | a | f | 2 | local_patient_id | CONTRACT-001 | error | true'
    score = scored(con, monkeypatch, line, finding=finding)
    assert score.clean_rows["patient"] == clean
    assert len(score.alarms) == clean - 1


def test_a_row_set_aside_with_its_patient_follows_from_the_fault_of_the_patient(con, monkeypatch):
    """p2 lost its line; its act is set aside for that, while the act of p3 is set aside for nothing."""
    found = "\n".join(
        [
            '"d:0:2" | a | f | 2 | - | CONTRACT-011 | error | true',
            '"e:0:2" | a | g | 2 | key | CONTRACT-013 | error | true',
            '"e:0:3" | a | g | 3 | key | CONTRACT-013 | error | true',
        ]
    )
    score = scored(con, monkeypatch, AT_2, finding=found)
    assert score.alarms == (AlarmScore(rule_id="CONTRACT-013", severity="error", alarms=2, following=1),)
    assert (score.false_alarms("error"), score.following) == (1, 1)


# --- sums ---

ONE = FaultScore(
    kind="typo", entity="tumour", field="size", nature="certain", injected=10, detected=6, missed=2, hidden=2
)
SCORE = Detection(
    faults=(ONE,),
    alarms=(
        AlarmScore(rule_id="SITE-001", severity="warning", alarms=4, following=0),
        AlarmScore(rule_id="CONTRACT-013", severity="error", alarms=5, following=3),
    ),
    clean_rows={"tumour": 1500, "surgery": 500},
)


def test_recall_is_of_the_faults_that_could_be_seen():
    assert ONE.recall == recall([ONE, ONE]) == 0.75
    assert recall([]) is None


def test_false_alarms_are_counted_per_thousand_clean_rows():
    assert (SCORE.false_alarms("error"), SCORE.false_alarms("warning"), SCORE.following) == (2, 4, 3)
    assert SCORE.per_thousand(2) == 1.0
    assert Detection(faults=(), alarms=(), clean_rows={}).per_thousand(2) == 0.0


def test_the_rules_of_a_family_are_beside_the_clean_rows_of_their_entity():
    assert SCORE.of_family("SITE", "tumour") == [(SCORE.alarms[0], 1500)]


def test_networks_are_added_count_by_count():
    twice = added([SCORE, SCORE])
    assert twice.faults[0].injected == 20
    assert [(alarm.rule_id, alarm.alarms, alarm.following) for alarm in twice.alarms] == [
        ("SITE-001", 8, 0),
        ("CONTRACT-013", 10, 6),
    ]
    assert twice.clean_rows == {"tumour": 3000, "surgery": 1000}
    assert added([SCORE]) == SCORE


def test_the_document_for_machines():
    facts = SCORE.facts()
    assert (facts["certain_recall"], facts["false_errors"], facts["false_errors_per_1000"]) == (0.75, 2, 1.0)
    assert (facts["following_errors"], facts["false_warnings"], facts["false_warnings_per_1000"]) == (
        3,
        4,
        2.0,
    )
    assert facts["faults"][0]["kind"] == "typo"


# --- each fault planted once ---

KEYS = {"local_patient_id": "IPP", "local_tumour_id": "TUM"}
COLUMNS = {
    "patient_identity": {
        **IDENTITY,
        "used_name": "USUEL",
        "birth_place_cog": "COG",
        "residence_commune": "COMMUNE",
    },
    "tumour": {**TUMOUR, "size_mm": "TAILLE", "extent_at_diagnosis": "EXTENSION", "laterality": "COTE"},
    "surgery": {**SURGERY, "surgery_facility": "LIEU"},
    "biopsy": {**KEYS, "biopsy_date": "DATE", "biopsy_kind": "TYPE"},
    "rcp": {**KEYS, "rcp_date": "DATE", "rcp_kind": "TYPE"},
    "treatment": {**KEYS, "treatment_kind": "TYPE", "treatment_start_date": "DEBUT"},
    "follow_up": {**KEYS, "event_date": "DATE", "follow_up_event": "TYPE"},
}
CLEAN = {
    "patient_identity": {
        "birth_name": "DURAND", "used_name": "MARTIN", "first_names": "MARIE ANNE", "sex": "femme",
        "birth_date": "12/03/1961", "ins_matricule": "261036938300195", "ins_oid": OID, "ins_status": "QUAL",
        "birth_place_cog": "69383", "residence_commune": "69383",
    },
    "tumour": {
        "local_tumour_id": "1", "diagnosis_date": "10/04/2017", "morphology_code": "8890/3", "topography_code": "C49.2",
        "entry_reason": "primary", "size_mm": "80", "extent_at_diagnosis": "localised", "laterality": "left",
    },
    "surgery": {
        "local_tumour_id": "1", "surgery_date": "01/06/2017", "surgery_kind": "resection", "surgery_target": "primary",
        "margin": "R0", "surgery_intent": "curative", "surgery_facility": "Alpha",
    },
    "biopsy": {"local_tumour_id": "1", "biopsy_date": "01/04/2017", "biopsy_kind": "core"},
    "rcp": {"local_tumour_id": "1", "rcp_date": "20/04/2017", "rcp_kind": "sarcoma_network"},
    "treatment": {"local_tumour_id": "1", "treatment_kind": "systemic", "treatment_start_date": "01/09/2017"},
    "follow_up": {"local_tumour_id": "1", "event_date": "02/02/2019", "follow_up_event": "last_news"},
}  # fmt: skip
#: kind → what the cell becomes; the other kinds empty it or strike the line.
WRITTEN = {
    "typo": "DURNAD", "phonetic": "DURAN", "accent_case": "Durand", "compound_first_name": "MARIE-ANNE",
    "fewer_first_names": "MARIE", "married_name": "MARTIN", "swapped_names": "MARIE ANNE",
    "swapped_day_month": "03/12/1961", "default_date": "01/01/1961", "date_typo": "13/03/1961",
    "partial_date": "1961", "impossible_date": "31/02/2017", "status_not_qualified": "RECUP",
    "changed_ins": "8610369383001", "mistyped_ins": "261036938301095", "unknown_word": "à préciser",
    "unknown_facility": "Clinique du Grand Large", "unit_slip": "8", "damaged_code": "8890-03-01",
    "ambiguous_code": "mars-90",
}  # fmt: skip
PARTIAL = {"birth_date": "1961", "event_date": "2019"}  # the other dates are of 2017
LINES = {"duplicate_line": "{0}\n{0}", "ragged_line": "{0};?"}
#: What one record does not show although a rule could, and what it shows although only linkage must.
MISSED_SOMETIMES = {("unit_slip", "size_mm")}  # 8 mm is a size
SHOWN_ALL_THE_SAME = {
    ("swapped_day_month", "birth_date"),
    ("mistyped_ins", "ins_matricule"),
}  # by the INS and its key


def struck(kind: str, field: str | None, cells: dict[str, str]) -> dict[str, str]:
    if field is None:
        return cells
    text = PARTIAL.get(field, "2017") if kind == "partial_date" else WRITTEN.get(kind, "")
    other = {"ins_oid": "", "ins_status": "VALI"} if kind == "missing_ins" else {}
    return cells | {field: text} | other


def files_and_truth() -> tuple[dict[str, str], pa.Table]:
    """One file per entity, in which the patient Pn has the fault of the n-th rule, and the truth."""
    lines = {entity: [";".join(columns.values())] for entity, columns in COLUMNS.items()}
    height, faults = dict.fromkeys(COLUMNS, 1), []
    for number, rule in enumerate(declared()):
        kind, field = rule["kind"], rule["field"]
        for entity, columns in COLUMNS.items():
            cells = {"local_patient_id": f"P{number}", **CLEAN[entity]}
            is_here = entity == rule["entity"]
            cells = struck(kind, field, cells) if is_here else cells
            line = ";".join(cells[name] for name in columns)
            lines[entity].append(LINES.get(kind, "{0}").format(line) if is_here else line)
            height[entity] += 1
            if is_here:
                place = {"centre_id": "alpha", "file": f"{entity}.csv", "rank": 0, "line": height[entity]}
                faults.append(
                    {
                        **place,
                        "entity": entity,
                        "local_patient_id": f"P{number}",
                        "field": field,
                        "kind": kind,
                    }
                )
                height[entity] += kind == "duplicate_line"
    types = [(name.strip(), TYPES.get(name.strip(), pa.string())) for name in HEAD["truth_fault"].split("|")]
    return {
        f"alpha/{entity}.csv": "\n".join([*found, ""]) for entity, found in lines.items()
    }, pa.Table.from_pylist(faults, schema=pa.schema(types))


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[SmallNetwork]:
    """A centre whose files have each fault once, not yet read, and its truth."""
    network = small_network.write_network(tmp_path / "planted")
    network.declare(
        "alpha",
        files=[_file(rf"{entity}\.csv", _table(entity, columns)) for entity, columns in COLUMNS.items()],
    )
    (network.root / "share" / "config" / "synthetic").symlink_to(share() / "config" / "synthetic")
    for name in small_network.FILES:
        network.send(name, None)
    files, faults = files_and_truth()
    for name, content in files.items():
        network.send(name, content)
    pyarrow.parquet.write_table(faults, tmp_path / "fault.parquet")
    with small_network.in_force(network):
        yield network


def card(network: SmallNetwork) -> Detection:
    """Read the files and compare what was found with the truth."""
    assert network.stage("alpha") == ["alpha"]
    with network.open() as registry:
        return detect(registry, network.root.parent)


def expected(row: dict[str, Any]) -> tuple[int, int, int, int]:
    pair = (row["kind"], row["field"])
    is_shown = row["nature"] in ("certain", "sometimes") and pair not in MISSED_SOMETIMES
    return (1, 1, 0, 0) if is_shown or pair in SHOWN_ALL_THE_SAME else (1, 0, 1, 0)


def by_rule(score: Detection) -> dict[tuple[str, str, str | None], tuple[int, int, int, int]]:
    return {(f.kind, f.entity, f.field): (f.injected, f.detected, f.missed, f.hidden) for f in score.faults}


def test_each_planted_fault_is_counted_as_it_must_be_and_nothing_else_is_an_error(planted: SmallNetwork):
    """What belongs to two patients and a tumour that cannot be read is set aside, once for each parent it lacks."""
    score = card(planted)
    assert by_rule(score) == {(row["kind"], row["entity"], row["field"]): expected(row) for row in declared()}
    assert (score.false_alarms("error"), score.following) == (0, 2 * (6 + 5) + 5)
    assert sum(score.clean_rows.values()) == (len(COLUMNS) - 1) * len(declared())


@pytest.fixture
def rules() -> Iterator[dict[str, Rule]]:
    """The catalogue, to be changed: afterwards it is what it was, in the order it was in."""
    before = dict(CATALOGUE)
    yield CATALOGUE
    CATALOGUE.clear()
    CATALOGUE.update(before)


@pytest.mark.parametrize(
    ("rule_id", "lost"),
    [
        ("DIAGNOSIS-008", ("missing", "tumour", "diagnosis_date")),
        ("IDENTITY-012", ("missing", "patient_identity", "sex")),
        ("IDENTITY-002", ("mistyped_ins", "patient_identity", "ins_matricule")),
    ],
)
def test_the_scorecard_notices_a_rule_that_was_removed(
    planted: SmallNetwork, rules: dict[str, Rule], rule_id: str, lost: tuple[str, str, str]
):
    del rules[rule_id]
    found = by_rule(card(planted))
    wrong = {
        (row["kind"], row["entity"], row["field"]): found[row["kind"], row["entity"], row["field"]]
        for row in declared()
        if found[row["kind"], row["entity"], row["field"]] != expected(row)
    }
    assert wrong == {lost: (1, 0, 1, 0)}


def test_the_scorecard_notices_a_rule_that_cries_for_nothing(planted: SmallNetwork, rules: dict[str, Rule]):
    """A rule that finds every tumour of the left side wrong."""
    rule = rules["DIAGNOSIS-015"]
    rules[rule.id] = replace(rule, severity=Severity.ERROR, violated_when="laterality = 'left'")
    score = card(planted)
    assert score.false_alarms("error") > 30
    assert score.per_thousand(score.false_alarms("error")) > 1
    assert recall(score.certain) == 1


def test_the_declaration_becomes_two_tables():
    tables = fault_rules()
    assert tables["fault_rule"].num_rows == len(declared())
    assert set(tables["fault_sign"]["rule_rank"].to_pylist()) <= set(range(len(declared())))
