"""Ids across nights: nobody is renamed without an event, and what parts again has its id back."""

import random
from itertools import count

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.keys import pseudonyms
from pipelines.link.history import Known, event_schema, new_events, read_known
from pipelines.link.ids import name_persons, patient_aliases
from tests.conftest import KEY


class Registry:
    """Nights one after the other on a log that grows. A night is written `a1 b1 | b2`: records of each person."""

    def __init__(self) -> None:
        self.log = event_schema().empty_table()

    def known(self) -> Known:
        with duckdb.connect() as con:
            return read_known(con, self.log)

    def night(self, persons: str | list[list[str]]) -> dict[str, str]:
        """The person of each record after the night."""
        groups = [g.split() for g in persons.split("|")] if isinstance(persons, str) else persons
        records = sorted(record for group in groups for record in group)
        number = {record: place for place, record in enumerate(records, start=1)}
        founders = np.zeros(len(records), dtype=np.int64)
        for group in groups:
            founders[[number[record] - 1 for record in group]] = min(number[record] for record in group)
        with duckdb.connect() as con:
            keys = pa.table({"record_no": pa.array(number.values(), pa.int64()),
                             "centre_id": pa.array([r[0] for r in records], pa.string()),
                             "local_patient_id": pa.array([r[1:] for r in records], pa.string())})  # fmt: skip
            con.register("keys", keys)
            con.execute("CREATE TEMP TABLE link_key AS FROM keys").fetchall()
            name_persons(con, founders, known=read_known(con, self.log), key=KEY)
            self.new = new_events(con, run_id=1, model="m")
            named = con.execute(
                "SELECT centre_id || local_patient_id, person_id FROM link_key "
                "JOIN link_member USING (record_no) JOIN link_named USING (founder)"
            ).fetchall()
        self.log = pa.concat_tables([self.log, self.new])
        return dict(named)

    def told(self) -> list[tuple[str, str, str | None]]:
        """The events of the last night about persons: kind, whom, the other; ids by the record that founded them."""
        return [
            (e["kind"], e["person_id"], e["other_id"])
            for e in self.new.to_pylist()
            if e["kind"] not in ("joined", "withdrawn")
        ]


def test_the_first_night_makes_every_person():
    registry = Registry()
    names = registry.night("a1 | b1 b2")
    assert names["b1"] == names["b2"] != names["a1"]
    assert registry.told() == [("created", names["a1"], None), ("created", names["b1"], None)]


def test_the_same_night_again_writes_nothing():
    registry = Registry()
    names = registry.night("a1 | b1 b2")
    assert registry.night("b1 b2 | a1") == names
    assert registry.new.num_rows == 0


def test_an_earlier_record_renames_nobody():
    registry = Registry()
    before = registry.night("b1")
    assert registry.night("a1 b1") == {"a1": before["b1"], "b1": before["b1"]}
    assert registry.told() == []


@pytest.mark.parametrize(
    ("why", "nights", "last", "kept"),
    [
        ("the oldest id stays in a merge", ["b1", "a1 | b1"], "a1 b1", {"a1": "b1", "b1": "b1"}),
        ("and in a merge of three", ["c1", "b1 | c1", "a1 | b1 | c1"], "a1 b1 c1", {"a1": "c1"}),
        ("the larger part keeps the id", ["a1 b1 b2"], "a1 | b1 b2", {"b1": "a1", "b2": "a1"}),
        ("of two equal parts, the older", ["b1", "a1 b1"], "a1 | b1", {"b1": "b1"}),
        ("what parts again has its id back", ["a1 | b1", "a1 b1"], "a1 | b1", {"a1": "a1", "b1": "b1"}),
        ("the smaller too", ["a1 | b1 b2", "a1 b1 b2"], "a1 | b1 b2", {"a1": "a1", "b1": "b1", "b2": "b1"}),
        ("after two merges", ["a1 | b1 | c1", "a1 b1 | c1", "a1 b1 c1"], "a1 b1 | c1", {"b1": "a1", "c1": "c1"}),
        ("with a record that came meanwhile", ["a1 | b1", "a1 b1 c1"], "a1 c1 | b1", {"c1": "a1", "b1": "b1"}),
        ("who goes and comes back is who he was", ["a1 | b1", "b1"], "a1 | b1", {"a1": "a1"}),
        ("even beside another", ["a1 | b1", "b1"], "a1 c1 | b1", {"c1": "a1"}),
        ("the id outlives the record that founded it", ["a1 b1"], "b1", {"b1": "a1"}),
        ("and that of the person it was lent to", ["a1", "a1 | b1", "a1 b1"], "b1", {"b1": "a1"}),
    ],
)  # fmt: skip
def test_who_keeps_an_id(why, nights, last, kept):
    """`kept`: record → the record that was alone, or first, when the id was given."""
    registry, first = Registry(), {}
    for night in nights:
        for record, name in registry.night(night).items():
            first.setdefault(record, name)
    names = registry.night(last)
    assert {record: names[record] for record in kept} == {r: first[owner] for r, owner in kept.items()}, why


def test_a_merge_and_its_undoing_are_told():
    registry = Registry()
    names = registry.night("a1 | b1")
    registry.night("a1 b1")
    assert registry.told() == [("merged", names["b1"], names["a1"])]
    registry.night("a1 | b1")
    assert registry.told() == [("restored", names["b1"], names["a1"])]


def test_a_part_that_never_had_an_id_gets_one_even_if_its_record_founded_the_whole():
    registry = Registry()
    before = registry.night("a1 b1 b2")
    names = registry.night("a1 | b1 b2")
    assert names["a1"] not in before.values()
    assert registry.told() == [("split", names["a1"], before["a1"])]


def test_an_alias_leads_to_the_person_at_the_end():
    registry = Registry()
    names = registry.night("a1 | b1 | c1")
    registry.night("a1 | b1 c1")
    registry.night("a1 b1 c1")
    aliases = {p["person_id"]: p["survivor_id"] for p in registry.known().persons.to_pylist()}
    assert aliases == {names["a1"]: None, names["b1"]: names["a1"], names["c1"]: names["a1"]}


def test_who_is_sent_no_more_is_told_once():
    registry = Registry()
    registry.night("a1 | b1")
    registry.night("a1")
    assert [(e["kind"], e["centre_id"]) for e in registry.new.to_pylist()] == [("withdrawn", "b")]
    registry.night("a1")
    assert registry.new.num_rows == 0


RECORDS = [f"{centre}{patient}" for centre in "abc" for patient in "123"]
PARTITION = st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=len(RECORDS), max_size=len(RECORDS))


def groups_of(numbers: list[int | None]) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for record, number in zip(RECORDS, numbers, strict=True):
        if number is not None:
            found.setdefault(number, []).append(record)
    return list(found.values()) or [["a1"]]


@settings(max_examples=15, deadline=None)
@given(st.lists(PARTITION, min_size=2, max_size=5))
def test_no_id_changes_without_its_event(nights):
    """Whatever the nights: one id per person, and every record whose id changed is told, with both ids."""
    registry, before = Registry(), {}
    for numbers in nights:
        groups = groups_of(numbers)
        names = registry.night(groups)
        for group in groups:
            assert len({names[record] for record in group}) == 1
        assert len(set(names.values())) == len(groups)
        moved = {e["centre_id"] + e["local_patient_id"]: (e["other_id"], e["person_id"])
                 for e in registry.new.to_pylist() if e["kind"] == "joined"}  # fmt: skip
        for record, name in names.items():
            assert before.get(record, name) == name or moved[record] == (before[record], name)
        persons = {p["person_id"]: p["survivor_id"] for p in registry.known().persons.to_pylist()}
        assert {persons[name] for name in names.values()} == {None}, "an alias names a person"
        gone = set(before.values()) - set(names.values())
        sent = {r["person_id"] for r in registry.known().records.to_pylist() if not r["is_sent"]}
        assert all(persons[one] is not None or one in sent for one in gone), "an id vanished"
        aliases = patient_aliases(registry.known(), key=KEY).to_pylist()
        current = set(pseudonyms({*names.values(), *sent}, key=KEY, domain="patient"))
        assert {alias["patient_id"] for alias in aliases} <= current, "an alias leads nowhere"
        assert len(aliases) == sum(survivor is not None for survivor in persons.values())
        before |= names
    assert registry.night(groups) == names
    assert registry.new.num_rows == 0


@settings(max_examples=10, deadline=None)
@given(PARTITION, st.randoms(use_true_random=False))
def test_merges_undone_restore_every_id(numbers, rng: random.Random):
    """A night, then merges of its persons in any order, then the night's persons again: the ids of the first."""
    groups = groups_of(numbers)
    registry = Registry()
    first = registry.night(groups)
    merged = [list(group) for group in groups]
    while len(merged) > 1 and rng.random() < 0.8:
        one = merged.pop(rng.randrange(len(merged)))
        merged[rng.randrange(len(merged))] += one
        registry.night(merged)
    assert registry.night(groups) == first


def persons_of(names: dict[str, str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for record, name in names.items():
        groups.setdefault(name, []).append(record)
    return list(groups.values())


@pytest.mark.slow
def test_a_thousand_merges_undone_in_any_order_leave_every_id_as_it_was():
    rng, registry = random.Random(5), Registry()
    groups = [[f"{centre}{n}" for centre in "abc"[: 1 + n % 3]] for n in range(3000)]
    first = registry.night(groups)
    apart, merged = [list(group) for group in groups], 0
    while merged < 1000:  # ten nights, a hundred merges each; persons of many merges too
        for _ in range(100):
            one = apart.pop(rng.randrange(len(apart)))
            apart[rng.randrange(len(apart))] += one
            merged += 1
        registry.night(apart)
    rng.shuffle(groups)
    for undone in range(
        0, len(groups), 600
    ):  # some of the first persons part again each night, the others last
        free = {record for group in groups[: undone + 600] for record in group}
        rest = [[record for record in group if record not in free] for group in apart]
        registry.night([*groups[: undone + 600], *(group for group in rest if group)])
    assert registry.night(groups) == first


@pytest.mark.slow
def test_in_a_year_of_nights_no_id_changes_without_its_event():
    """Records come, go and move between persons every night; at the end one rebuild has the same persons."""
    rng, registry, before, new = random.Random(7), Registry(), {}, count()
    groups: list[list[str]] = [[f"a{n}"] for n in range(200)]
    for _ in range(365):
        for _ in range(8):
            group = groups.pop(rng.randrange(len(groups)))
            match rng.randrange(5):
                case 0:
                    groups.append([*group, f"{rng.choice('bcd')}{next(new)}"])
                case 1:
                    groups[rng.randrange(len(groups))] += group
                case 2 if len(group) > 1:
                    groups += [group[:1], group[1:]]
                case 3 if len(groups) > 150 and len(group) > 1:
                    groups.append(group[1:])
                case _:
                    groups += [group, [f"{rng.choice('bcd')}{next(new)}"]]
        names = registry.night([sorted(set(group)) for group in groups if group])
        told = {
            e["centre_id"] + e["local_patient_id"] for e in registry.new.to_pylist() if e["kind"] == "joined"
        }
        assert {r for r, name in names.items() if before.get(r, name) != name} <= told
        aliases = {p["person_id"] for p in registry.known().persons.to_pylist() if p["survivor_id"]}
        assert not aliases & set(names.values())
        before |= names
    rebuilt = Registry().night(persons_of(names))
    assert sorted(map(sorted, persons_of(rebuilt))) == sorted(map(sorted, persons_of(names)))
