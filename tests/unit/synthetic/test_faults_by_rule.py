"""Each rule of `faults.csv` alone: how many cells it strikes, which, what they become, what the centre then writes."""

import dataclasses
import datetime as dt
import unicodedata
from functools import cache

import numpy as np
import pytest

from pipelines.io.configuration import read_calibration
from pipelines.synthetic.faults import inject
from pipelines.synthetic.generate import draw_block
from pipelines.synthetic.layout import bases
from pipelines.synthetic.text import DAMAGE, LINE, CodeDamage, LineFault
from pipelines.synthetic.words import CodeBook, Writer

PERCENT = 30.0
RULES = read_calibration("faults")[["kind", "entity", "field"]].astype(object).to_numpy().tolist()
RULES = [(kind, entity, field if isinstance(field, str) else "") for kind, entity, field in RULES]
LINES = {
    "duplicate_line": LineFault.DUPLICATE,
    "ragged_line": LineFault.RAGGED,
    "missing_key": LineFault.MISSING_KEY,
}
CODES = {"damaged_code": CodeDamage.FULL, "ambiguous_code": CodeDamage.SHORT}
BY_CELL = [rule for rule in RULES if rule[0] not in {*LINES, *CODES}]
#: Fields that change together with the one that the rule names.
TOGETHER = {
    "missing_ins": {"ins_oid", "ins_status"},
    "changed_ins": {"ins_oid"},
    "swapped_names": {"first_names"},
}
#: A rule that needs what another one left: only an INS that nobody checked on papers is mistyped.
AFTER = {"mistyped_ins": ("status_not_qualified", "patient_identity", "ins_status")}


def only(cal, *rules):
    """The calibration with some rules alone, each at 30 %."""
    table = cal.tables["faults"]
    wanted = [
        table[
            (table["kind"] == kind) & (table["entity"] == entity) & (table["field"].fillna("") == field)
        ].index[0]
        for kind, entity, field in rules
    ]
    kept = table.loc[wanted].assign(percent=PERCENT)
    return dataclasses.replace(cal, tables={**cal.tables, "faults": kept})


@pytest.fixture(scope="module")
def clean(cal):
    rng = np.random.default_rng(21)
    tables, _ = draw_block(cal, 900, 0, (0, 1), np.zeros(len(cal.centres), np.int64), rng)
    return tables


@pytest.fixture(scope="module")
def injected(cal, clean):
    """rule → (table before, table after, log), each rule drawn once for all tests."""

    @cache
    def inject_alone(rule):
        kind, entity, _ = rule
        before = clean
        if kind in AFTER:
            before, _ = inject(only(cal, AFTER[kind]), clean, np.random.default_rng(4))
        after, log = inject(only(cal, rule), before, np.random.default_rng(5))
        return before[entity], after[entity], log

    return inject_alone


@pytest.fixture(scope="module")
def strike(injected):
    """rule → the same as rows."""

    @cache
    def rows(rule):
        return tuple(table.to_pylist() for table in injected(rule))

    return rows


def changes(before, after):
    """[(row before, row after)] where they differ."""
    return [(a, b) for a, b in zip(before, after, strict=True) if a != b]


def fold(text):
    text = text.replace("œ", "oe").replace("Œ", "OE")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).upper()


def is_one_slip(before, after):
    """One letter replaced, lost, or exchanged with the next."""
    if len(after) == len(before) - 1:
        return any(before[:i] + before[i + 1 :] == after for i in range(len(before)))
    wrong = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    return len(wrong) == 1 or (
        len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(before) == sorted(after)
    )


def is_date_typo(before, after):
    a, b = dt.date.fromisoformat(before), dt.date.fromisoformat(after)
    return b - a == dt.timedelta(1) or (a.year - b.year == 10 and before[4:] == after[4:])


def differs_by_a_sound(before, after):
    """What is the same at both ends leaves at most three letters on either side."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return len(before) - start - end <= 4 and len(after) - start - end <= 3


#: kind → what must be true of the cell before, the cell after, and the row before.
EFFECTS = {
    "typo": lambda a, b, _: is_one_slip(a, b),
    "phonetic": lambda a, b, _: differs_by_a_sound(a, b) and b == b.upper(),
    "accent_case": lambda a, b, _: fold(b) == a,
    "compound_first_name": lambda a, b, _: a.replace("-", " ") == b.replace("-", " "),
    "fewer_first_names": lambda a, b, _: a.split(" ")[0] == b and " " in a,
    "married_name": lambda _, b, row: b == row["used_name"] and row["sex"] == "F",
    "swapped_names": lambda _, b, row: b == row["first_names"],
    "swapped_day_month": lambda a, b, _: b == f"{a[:4]}-{a[8:]}-{a[5:7]}" and dt.date.fromisoformat(b),
    "default_date": lambda a, b, _: b in {f"{a[:4]}-01-01", f"{a[:4]}-12-31"},
    "date_typo": lambda a, b, _: is_date_typo(a, b),
    "partial_date": lambda a, b, _: b in {a[:7], a[:4]},
    "impossible_date": lambda a, b, _: b == f"{a[:4]}-02-31",
    "missing": lambda _, b, __: b is None,
    "missing_ins": lambda _, b, __: b is None,
    "status_not_qualified": lambda _, b, __: b == "RECUP",
    "changed_ins": lambda a, b, _: (a[0], b[0]) in {("1", "7"), ("2", "8")} and a[1:] == b[1:],
    "mistyped_ins": lambda a, b, _: a[:11] == b[:11] and a[11:] == b[:10:-1],
    "unknown_word": lambda _, b, __: b in {"à préciser", "code 99", "voir dossier"},
    "unknown_facility": lambda a, b, _: b is not None and a != b,
    "unit_slip": lambda a, b, _: abs(float(a) - 10 * float(b)) <= 0.5,
}
#: kind → which values it can strike, where not all: the number of candidates is counted with it.
CANDIDATES = {
    "compound_first_name": lambda row, f: len(row[f].replace("-", " ").split()) > 1,
    "fewer_first_names": lambda row, f: " " in row[f],
    "married_name": lambda row, f: row[f] != row["used_name"],
    "swapped_day_month": lambda row, f: int(row[f][8:]) <= 12,
    "mistyped_ins": lambda row, _: row["ins_status"] == "RECUP",
    "unit_slip": lambda row, f: len(row[f]) > 1,
}


def test_every_rule_is_in_these_tables():
    assert {kind for kind, _, _ in BY_CELL} == set(EFFECTS)
    assert len(set(RULES)) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids="-".join)
def test_a_rule_strikes_its_share_of_what_it_can_strike(cal, strike, rule):
    """To one unit, but for the draws that would change nothing: the 1st of January made the 1st of January."""
    kind, entity, field = rule
    before, after, log = strike(rule)
    if kind in LINES:
        able = [
            row
            for row in before
            if entity in bases(cal.centres[row["centre"]])
            and (kind != "ragged_line" or cal.centres[row["centre"]].export.format == "csv")
        ]
    else:
        sent = [row for row in before if field in cal.fields(row["centre"], entity)]
        if kind in CODES:
            old = cal.older_codes
            able = [
                row
                for row in sent
                if row["morphology"][5] in "12369"
                and (cal.edition(row["centre"]) == "icdo32" or row["morphology"] in old)
            ]
        else:
            able = [row for row in sent if row[field] is not None]
            able = [row for row in able if CANDIDATES.get(kind, lambda *_: True)(row, field)]
    drawn = len(able) * PERCENT / 100
    slack = 0.35 * drawn if kind in {"typo", "phonetic", "date_typo", "swapped_day_month"} else 0.02 * drawn
    assert len(able) > 10
    assert drawn - 1 - slack <= len(log) <= drawn + 1
    assert len(changes(before, after)) == len(log)


@pytest.mark.parametrize("rule", RULES, ids="-".join)
def test_each_changed_row_is_in_the_log_once_with_its_field_and_kind(strike, rule):
    kind, entity, field = rule
    before, after, log = strike(rule)
    is_patient = entity.startswith("patient")
    expected = [
        (a["centre"], a["local_patient_id"], None if is_patient else a["local_tumour_id"])
        for a, _ in changes(before, after)
    ]
    assert [(e["centre"], e["local_patient_id"], e["local_tumour_id"]) for e in log] == expected
    assert {(e["entity"], e["field"], e["kind"]) for e in log} == {(entity, field or None, kind)}


@pytest.mark.parametrize("rule", BY_CELL, ids="-".join)
def test_what_a_cell_becomes(strike, rule):
    kind, _, field = rule
    before, after, _ = strike(rule)
    changed = changes(before, after)
    wrong = [(a[field], b[field]) for a, b in changed if not EFFECTS[kind](a[field], b[field], a)]
    assert wrong == []
    assert changed


@pytest.mark.parametrize("rule", BY_CELL, ids="-".join)
def test_no_other_cell_of_the_row_moves(strike, rule):
    kind, _, field = rule
    before, after, _ = strike(rule)
    moved = {name for a, b in changes(before, after) for name in a if a[name] != b[name]}
    assert moved - TOGETHER.get(kind, set()) == {field}


@pytest.mark.parametrize("rule", BY_CELL, ids="-".join)
def test_the_centre_writes_another_text_there_and_nowhere_else(cal, injected, rule):
    """Two canonical values that a centre writes alike would be a fault that nobody can see."""
    _, entity, field = rule
    before, after, log = injected(rule)
    book, shown = CodeBook({}, {}, {}, {}, {}, {}, {}), 0  # no code of a diagnosis is struck here
    for number, centre in enumerate(cal.centres):
        maps = [t for f in centre.files for s in f.sheets for t in s.tables if t.entity == entity]
        if field not in cal.fields(number, entity):
            continue
        mine = np.asarray(before["centre"]) == number
        texts = [
            Writer(centre, book).column(table.filter(mine), entity, field, maps[0]).to_pylist()
            for table in (before, after)
        ]
        shown += sum(a != b for a, b in zip(*texts, strict=True))
    assert shown == log.num_rows


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule[0] in LINES], ids="-".join)
def test_a_line_fault_marks_its_line_only(strike, rule):
    kind, _, _ = rule
    before, after, log = strike(rule)
    changed = changes(before, after)
    assert [{**b, LINE: a[LINE]} for a, b in changed] == [a for a, _ in changed]
    assert {b[LINE] for _, b in changed} == {LINES[kind]}
    assert len(changed) == len(log) > 10


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule[0] in CODES], ids="-".join)
def test_a_damaged_code_keeps_its_true_code_beside_it(strike, rule):
    kind, _, _ = rule
    before, after, _ = strike(rule)
    changed = changes(before, after)
    assert [{**b, DAMAGE: a[DAMAGE]} for a, b in changed] == [a for a, _ in changed]
    assert {b[DAMAGE] for _, b in changed} == {CODES[kind]}


def test_a_line_has_one_fault_and_a_code_one_damage(cal, clean):
    """Rules that mark the same line or code share it between them: none hides another."""
    lines = [rule for rule in RULES if rule[0] in LINES and rule[1] == "surgery"]
    codes = [rule for rule in RULES if rule[0] in CODES]
    for rules, column in ((lines, LINE), (codes, DAMAGE)):
        after, log = inject(only(cal, *rules), clean, np.random.default_rng(6))
        entity = rules[0][1]
        assert np.count_nonzero(np.asarray(after[entity][column])) == log.num_rows
        assert len(set(log["kind"].to_pylist())) == len(rules) > 1


def test_the_same_draw_gives_the_same_faults_and_another_draw_others(cal, clean):
    logs = [inject(cal, clean, np.random.default_rng(seed))[1] for seed in (1, 1, 2)]
    assert logs[0].equals(logs[1])
    assert not logs[0].equals(logs[2])


def test_rules_add_up_in_the_order_of_the_table(cal, clean):
    """Identities lose their INS first; what is said of an INS is said of those that are left."""
    after, log = inject(cal, clean, np.random.default_rng(9))
    rows = after["patient_identity"].to_pylist()
    kept = [row for row in rows if row["ins_matricule"] is not None]
    assert len(kept) / len(rows) == pytest.approx(0.22, abs=0.002)
    assert {row["ins_status"] for row in rows if row["ins_matricule"] is None} <= {"VALI", "PROV"}
    assert {row["ins_status"] for row in kept} == {"QUAL", "RECUP"}
    assert sum(row["ins_status"] == "RECUP" for row in kept) / len(kept) == pytest.approx(0.30, abs=0.01)
    said = [kind for kind in log["kind"].to_pylist() if kind == "status_not_qualified"]
    assert len(said) == sum(row["ins_status"] == "RECUP" for row in kept)


def test_a_word_or_place_that_nobody_knows_is_known_to_no_centre(cal, strike):
    unknown = {"margin": set(), "extent_at_diagnosis": set(), "biopsy_kind": set(), "laterality": set()}
    for kind, entity, field in BY_CELL:
        if kind == "unknown_word":
            unknown[field] = {b[field] for a, b in changes(*strike((kind, entity, field))[:2])}
    for field, found in unknown.items():
        known = {w for c in cal.centres for words in c.values.get(field, {}).values() for w in words}
        assert found
        assert not found & known
    before, after, _ = strike(("unknown_facility", "surgery", "surgery_facility"))
    found = {b["surgery_facility"].casefold() for _, b in changes(before, after)}
    known = [name for names in (*cal.reference_names, cal.outside_names) for name in names]
    assert found
    assert not found & {name.casefold() for name in known}


def test_an_entity_that_a_network_has_not_is_left_out(cal, clean):
    some = {"tumour": clean["tumour"]}
    after, log = inject(cal, some, np.random.default_rng(1))
    assert set(after) == {"tumour"}
    assert set(log["entity"].to_pylist()) == {"tumour"}
