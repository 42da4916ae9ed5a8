import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.harmonise.migrate import migrate
from pipelines.harmonise.terminology import load_terminology

TERMS = load_terminology()
RETIRED = [
    # old       new in 3.2   effect
    ("8833/3", "8833/1", "behaviour_changed"),
    ("8841/1", "8841/0", "behaviour_changed"),
    ("8936/0", "8936/3", "behaviour_changed"),
    ("8936/1", "8936/3", "behaviour_changed"),
    ("9133/1", "9133/3", "behaviour_changed"),
    ("9150/0", "8815/0", "renamed"),
    ("9150/1", "8815/1", "renamed"),
    ("9150/3", "8815/3", "renamed"),
    ("9230/0", "9230/1", "behaviour_changed"),
    ("9260/3", "9364/3", "renamed"),
]
MOVED = [
    # code      version   label says          → code     certain
    ("8832/3", "icdo31", set(), "8832/1", True),
    ("8832/3", "icdo30", set(), "8832/1", True),
    ("8832/3", "icdo32", set(), "8832/3", True),
    ("8832/3", None, set(), "8832/3", False),
    ("8832/3", None, {"8832/1"}, "8832/1", True),
    ("8832/3", None, {"8832/3"}, "8832/3", True),
    ("8832/3", "icdo31", {"8832/3"}, "8832/3", True),
    ("8832/3", "icdo31", {"8890/3"}, "8832/1", True),
    ("8832/3", None, {"8890/3"}, "8832/3", False),
    ("8832/3", None, {"8832/1", "8832/3"}, "8832/3", True),
    ("8823/0", "icdo31", set(), "8823/1", True),
    ("8823/0", "icdo32", set(), "8823/0", True),
    ("8823/0", None, set(), "8823/0", False),
    ("8815/0", "icdo31", set(), "8815/1", True),
    ("8815/0", None, {"8815/1"}, "8815/1", True),
    ("9540/3", "icdo31", set(), "9540/3", True),
    ("9540/3", "icdo31", {"9542/3"}, "9542/3", True),
    ("9540/3", None, {"9542/3"}, "9542/3", True),
    ("9560/0", "icdo31", set(), "9560/0", True),
    ("9560/0", "icdo31", {"9560/1"}, "9560/1", True),
]
VERSIONS = st.sampled_from(["icdo30", "icdo31", "icdo32", None])
CODES = st.sampled_from(sorted(TERMS.known_morphologies))
ANY_CODE = st.one_of(CODES, st.text(max_size=8))


def moved(code, version=None, labels=()):
    return migrate(code, version=version, label_codes=labels, migrations=TERMS.migrations)


@pytest.mark.parametrize(("old", "new", "effect"), RETIRED)
@pytest.mark.parametrize("version", ["icdo30", "icdo31", "icdo32", None])
def test_a_retired_code_moves_whatever_is_declared(old, new, effect, version):
    result = moved(old, version)
    assert (result.code, result.is_certain, result.effect) == (new, True, effect)


@pytest.mark.parametrize(("code", "version", "labels", "expected", "is_certain"), MOVED)
def test_a_code_whose_meaning_moved_needs_a_label_or_a_version(code, version, labels, expected, is_certain):
    result = moved(code, version, labels)
    assert (result.code, result.is_certain) == (expected, is_certain)


def test_neurofibromatosis_is_not_a_tumour():
    result = moved("9540/1", "icdo31")
    assert (result.code, result.is_certain, result.effect) == (None, False, "predisposition_nf1")


def test_aneurysmal_bone_cyst_is_never_taken_for_ewing():
    assert moved("9260/0", "icdo31", {"9364/3"}).code == "9260/0"


def test_every_change_of_behaviour_is_flagged():
    silent = [
        row.code_old
        for row in TERMS.migrations.values()
        if row.code_new and row.code_new[-1] != row.code_old[-1] and row.effect != "behaviour_changed"
    ]
    assert silent == []


def test_every_new_code_is_in_our_table_and_no_retired_one_is():
    rows = TERMS.migrations.values()
    assert {row.code_new for row in rows if row.code_new} <= set(TERMS.parents)
    assert {row.code_old for row in rows if row.certainty in ("certain", "not_a_tumour")}.isdisjoint(
        TERMS.parents
    )


@given(ANY_CODE, VERSIONS, st.frozensets(CODES, max_size=3))
def test_migration_is_total(code, version, labels):
    result = moved(code, version, labels)
    assert result.code is not None or result.effect == "predisposition_nf1"


@given(ANY_CODE, VERSIONS, st.frozensets(CODES, max_size=3))
def test_migrating_a_migrated_code_changes_nothing(code, version, labels):
    once = moved(code, version, labels).code
    assert once is None or moved(once, "icdo32", labels).code == once


@given(CODES, st.frozensets(CODES, max_size=3))
def test_a_code_of_3_2_declared_as_such_stays(code, labels):
    assert moved(code, "icdo32", labels).code == code or code not in TERMS.parents
