"""Ids of persons: derived from the founding record, different for each key, never readable."""

import numpy as np

from pipelines.link.history import nobody
from pipelines.link.ids import name_persons
from tests.tables import rows
from tests.unit.link.people import records


def named(con, key, founders, identities="centre | patient | name\na | 1 | A\na | 2 | B\nb | 1 | C"):
    records(con, identities)
    name_persons(con, np.array(founders), known=nobody(), key=key)
    return dict(
        rows(
            con, "SELECT record_no, (person_id, patient_id) FROM link_member JOIN link_named USING (founder)"
        )
    )


def test_one_id_per_person(con, key):
    found = named(con, key, [1, 2, 1])
    assert found[1] == found[3] != found[2]
    assert all(len(name) == 32 for ids in found.values() for name in ids)


def test_ids_depend_on_the_founding_record_and_the_key_alone(con, key):
    alone = named(con, key, [1, 2, 3])
    assert named(con, key, [1, 2, 1])[3] == alone[1]
    later = named(
        con, key, [1, 2, 3, 4], "centre | patient | name\na | 1 | A\na | 2 | B\nb | 1 | Z\nc | 1 | D"
    )
    assert {n: later[n] for n in alone} == alone
    assert not set(named(con, bytes(32), [1, 2, 3]).values()) & set(alone.values())


def test_the_two_ids_tell_nothing_of_each_other(con, key):
    person_id, patient_id = named(con, key, [1, 2, 3])[1]
    assert person_id != patient_id


def test_neighbouring_keys_do_not_run_together(con, key):
    """Centre `a` with patient `1b` and centre `a1` with patient `b` are two records."""
    found = named(con, key, [1, 2], "centre | patient | name\na | 1b | A\na1 | b | B")
    assert found[1] != found[2]
