"""The calibration: every figure has a source, every table is whole."""

import numpy as np
import pytest

from pipelines.io.share import share
from pipelines.synthetic.calibration import EXPORT_DATE, EXPORT_DAY, days, take
from validations.contracts.entities import ENTITIES

SOURCED = sorted(path.stem for path in share().joinpath("config", "synthetic").glob("*.csv"))


def test_every_table_is_read(cal):
    assert set(SOURCED) <= set(cal.tables)


@pytest.mark.parametrize("name", SOURCED)
def test_every_row_has_a_source(cal, name):
    source = cal.tables[name]["source"]
    assert source.notna().all()
    assert source.str.len().min() > 5


@pytest.mark.parametrize(
    "name", ["histotypes", "site_profiles", "age_profiles", "birth_names", "first_names", "years"]
)
def test_weights_are_positive(cal, name):
    assert (cal.tables[name]["weight"] > 0).all()


def test_every_indicator_has_a_target_in_every_period(cal):
    derived = {"r1_first_surgery"}  # the rest of the margins
    for indicator in set(cal.network.indicators) - derived:
        for period in range(len(cal.network.periods)):
            assert 0 < cal.target(indicator, period) < 100


def test_published_targets_are_those_of_the_network(cal):
    periods = [period.id for period in cal.network.periods]
    for published in cal.network.published:
        assert cal.target(published.indicator, periods.index(published.period)) == published.percent


def test_assumed_targets_are_marked(cal):
    targets = cal.tables["targets"]
    published = {(p.indicator, p.period) for p in cal.network.published}
    others = targets[
        [(i, p) not in published for i, p in zip(targets["indicator"], targets["period"], strict=True)]
    ]
    assert others["source"].str.contains("our assumption").all()


def test_profiles_follow_one_another_in_their_tables(cal):
    for name in ("site_profiles", "age_profiles"):
        profile = cal.tables[name]["profile"]
        assert (profile != profile.shift()).sum() == profile.nunique()


def test_birth_places_are_codes_of_five_characters(cal):
    places = cal.tables["birth_places"]
    assert places["cog"].str.fullmatch(r"\d[0-9AB]\d{3}").all()
    assert places.loc[places["region"].isna(), "cog"].str.startswith("99").all()


def test_every_region_of_a_reference_centre_has_a_home(cal):
    regions = set(cal.tables["birth_places"]["region"].dropna())
    assert {cal.centres[number].region for number in cal.clinical} <= regions


def test_a_centre_sends_what_its_yaml_maps(cal):
    names = [centre.id for centre in cal.centres]
    registry = names.index("rreps")
    assert cal.sends(registry, "pathology_review")
    assert not cal.sends(registry, "surgery")
    assert "had_biopsy" not in cal.fields(registry, "tumour")


def test_every_reference_centre_sends_what_the_indicators_need(cal):
    needed = {
        "tumour": {"diagnosis_date", "entry_reason", "had_biopsy"},
        "biopsy": {"biopsy_date", "biopsy_kind"},
        "rcp": {"rcp_date", "rcp_kind"},
        "surgery": {
            "surgery_date",
            "surgery_kind",
            "surgery_target",
            "surgery_intent",
            "margin",
            "surgery_facility",
        },
        "patient_identity": {field.name for field in ENTITIES["patient_identity"]},
    }
    lacking = [
        (cal.centres[number].id, entity, fields - cal.fields(number, entity))
        for number in cal.clinical
        for entity, fields in needed.items()
        if fields - cal.fields(number, entity)
    ]
    assert lacking == []


def test_every_diagnosis_can_be_written_by_every_centre(cal):
    ways = {"morphology_code", "diagnosis_label"}
    for number in range(len(cal.centres)):
        fields = cal.fields(number, "tumour")
        assert ways & fields
        assert {"topography_code", "topography_label"} & fields
        assert cal.edition(number) == "icdo32" or "diagnosis_label" in fields


@pytest.mark.parametrize(
    ("code", "older"),
    [("8936/3", "8936/1"), ("9364/3", "9260/3"), ("8833/1", "8833/3"), ("8890/3", "8890/3")],
)
def test_older_codes(cal, code, older):
    assert cal.older_codes[code] == older


@pytest.mark.parametrize("code", ["8832/1", "8832/3", "9540/3", "8815/1", "8859/3", "9366/3"])
def test_codes_that_an_older_edition_cannot_say(cal, code):
    assert code not in cal.older_codes


def test_a_centres_own_effect_does_not_depend_on_the_seed(cal):
    assert len(cal.centre_effects) == len(cal.centres)
    assert 0.1 < np.std(cal.centre_effects) < 0.5


def test_a_negative_position_is_nobody():
    assert take(["a", "b"], np.array([1, -1, 0])).tolist() == ["b", None, "a"]


def test_the_export_is_after_the_last_operation_of_2020():
    assert days(EXPORT_DATE) == EXPORT_DAY
    assert EXPORT_DATE.isoformat() == "2021-06-30"
