"""Faults: at their rate, where the centre shows them, each written down."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.synthetic.damage import KINDS
from pipelines.synthetic.faults import inject
from pipelines.synthetic.generate import draw_block
from pipelines.synthetic.layout import bases
from validations.contracts.entities import ENTITIES


@pytest.fixture(scope="module")
def struck(cal):
    rng = np.random.default_rng(11)
    clean, _ = draw_block(cal, 6000, 0, (0, 1), np.zeros(len(cal.centres), np.int64), rng)
    dirty, log = inject(cal, clean, rng)
    return clean, dirty, log.to_pandas()


def rate(log, kind, entity, field):
    rows = (log["kind"] == kind) & (log["entity"] == entity) & (log["field"].fillna("") == field)
    return rows.sum()


@pytest.mark.parametrize(
    ("kind", "entity", "field", "percent"),
    [
        ("missing_ins", "patient_identity", "ins_matricule", 78),
        ("missing", "patient_identity", "birth_place_cog", 20),
        ("typo", "patient_identity", "birth_name", 1.5),
        ("partial_date", "tumour", "diagnosis_date", 1.0),
    ],
)
def test_a_fault_has_its_stated_rate(struck, kind, entity, field, percent):
    clean, _, log = struck
    present = clean[entity].num_rows - clean[entity][field].null_count
    assert rate(log, kind, entity, field) == pytest.approx(present * percent / 100, rel=0.05, abs=3)


def test_clean_tables_have_no_unknown_identity(struck):
    clean, _, _ = struck
    table = clean["patient_identity"]
    for field in ENTITIES["patient_identity"]:
        assert table[field.name].null_count == 0, field.name
    assert pc.unique(table["ins_status"]).to_pylist() == ["QUAL"]


def test_clean_dates_are_full_days(struck):
    clean, _, _ = struck
    for table in clean.values():
        for name in (n for n in table.column_names if n.endswith("_date") and n != "death_date"):
            assert pc.unique(pc.utf8_length(table[name].drop_null())).to_pylist() == [10], name
            assert table[name].null_count == 0, name


def test_every_changed_cell_is_in_the_log(struck):
    clean, dirty, log = struck
    changed = pc.not_equal(clean["surgery"]["margin"], dirty["surgery"]["margin"]).to_numpy(
        zero_copy_only=False
    )
    lost = dirty["surgery"]["margin"].is_null().to_numpy() & clean["surgery"]["margin"].is_valid().to_numpy()
    logged = log[(log["entity"] == "surgery") & (log["field"] == "margin")]
    assert (changed == True).sum() + lost.sum() == len(logged) > 0  # noqa: E712 - null is not True


def test_no_row_is_lost_or_moved(struck):
    clean, dirty, _ = struck
    for entity, table in clean.items():
        assert dirty[entity]["local_patient_id"].equals(table["local_patient_id"])
        assert dirty[entity].column_names == table.column_names


def test_a_line_fault_is_where_lines_are_rows_of_the_entity(cal, struck):
    _, _, log = struck
    lines = log[log["kind"].isin(["ragged_line", "duplicate_line", "missing_key"])]
    wrong = [row for row in lines.itertuples() if row.entity not in bases(cal.centres[row.centre])]
    assert len(lines) > 10
    assert wrong == []
    formats = {
        cal.centres[number].export.format for number in lines[lines["kind"] == "ragged_line"]["centre"]
    }
    assert formats <= {"csv"}


def test_a_fault_is_in_a_field_that_the_centre_sends(cal, struck):
    _, _, log = struck
    named = log[log["field"].notna() & (log["field"] != "") & ~log["kind"].eq("missing_key")]
    pairs = named.drop_duplicates(["centre", "entity", "field"])
    wrong = [row for row in pairs.itertuples() if row.field not in cal.fields(row.centre, row.entity)]
    assert wrong == []


def test_every_rule_names_a_known_kind_entity_and_field(cal):
    lines = {"duplicate_line", "ragged_line", "missing_key", "damaged_code", "ambiguous_code"}
    rules = cal.tables["faults"]
    assert set(rules["kind"]) - lines <= set(KINDS)
    assert set(KINDS) <= set(rules["kind"])
    for rule in rules.itertuples():
        assert rule.entity in ENTITIES
        assert rule.field is None or rule.field in {field.name for field in ENTITIES[rule.entity]}
        assert rule.source


def test_only_codes_with_a_behaviour_that_is_a_month_are_damaged(struck):
    _, dirty, log = struck
    struck_rows = dirty["tumour"].filter(pc.greater(dirty["tumour"]["_damage"], 0))
    behaviours = set(pc.utf8_slice_codeunits(struck_rows["morphology"], 5, 6).to_pylist())
    assert behaviours <= {"1", "2", "3", "6", "9"}
    assert struck_rows.num_rows == log["kind"].isin(["damaged_code", "ambiguous_code"]).sum() > 0


def test_an_empty_network_has_no_fault(cal, struck, rng):
    clean, _, _ = struck
    _, log = inject(cal, {entity: table.slice(0, 0) for entity, table in clean.items()}, rng)
    assert isinstance(log, pa.Table)
    assert log.num_rows == 0
