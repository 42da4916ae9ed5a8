import datetime as dt

import pytest

from pipelines.harmonise.facilities import (
    ALWAYS,
    FOREVER,
    Facility,
    RoleSpan,
    join_spans,
    label_spans,
    load_facilities,
    name_index,
    normalise_name,
    reference_spans,
)
from pipelines.io.configuration import load_network
from tests.unit.harmonise.world import CENTRES, centre

NETWORK = load_network("netsarc")


def day(year, month=1, number=1):
    return dt.date(year, month, number)


def facility(facility_id, *names, is_reference=False):
    return Facility(facility_id, names, is_reference, ALWAYS, FOREVER)


@pytest.mark.parametrize(
    ("stated", "facility_id"),
    [
        ("Centre AA", "aa"),
        ("  centre   aa. ", "aa"),
        ("CENTRE-AA", "aa"),
        ("CHU aa", "aa"),
        ("Clinique des Cèdres", "clinic"),
        ("CLINIQUE DES CEDRES", "clinic"),
        ("Clinique Cèdres", None),
        ("Clinique du Cèdre", None),
        ("Centre A", None),
        ("aa", None),
        ("Hôpital Sud", None),
    ],
)
def test_a_facility_is_found_by_its_exact_name(stated, facility_id):
    facilities = [
        facility("clinic", "Clinique des Cèdres"),
        facility("south_1", "Hôpital Sud"),
        facility("south_2", "Hopital SUD"),
    ]
    assert name_index(facilities, CENTRES).get(normalise_name(stated)) == facility_id


def test_a_blank_name_is_no_facility():
    assert name_index([facility("x", "...")], {}) == {}


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], []),
        ([(2010, 2012), (2013, 2015)], [(2010, 2015)]),
        ([(2013, 2015), (2010, 2012)], [(2010, 2015)]),
        ([(2010, 2014), (2012, 2013)], [(2010, 2014)]),
        ([(2010, 2011), (2013, 2015)], [(2010, 2011), (2013, 2015)]),
    ],
)
def test_a_change_of_role_is_not_a_gap(spans, joined):
    def made(years):
        return [RoleSpan("x", day(first), day(last, 12, 31)) for first, last in years]

    assert join_spans(made(spans)) == made(joined)


def test_an_open_role_has_no_end():
    spans = join_spans([RoleSpan("x", day(2010), FOREVER), RoleSpan("x", day(2012), FOREVER)])
    assert spans == [RoleSpan("x", day(2010), FOREVER)]


def test_reference_is_a_role_of_the_network():
    assert reference_spans(NETWORK, [facility("site", "Site", is_reference=True)], CENTRES) == [
        RoleSpan("aa", day(2010), FOREVER),
        RoleSpan("bb", day(2010), day(2014, 12, 31)),
        RoleSpan("ee", day(2010), day(2013, 6, 30)),
        RoleSpan("site", ALWAYS, FOREVER),
    ]


def test_a_bone_or_pathology_centre_holds_labelled_meetings_but_is_no_place_of_reference():
    assert [span.holder_id for span in label_spans(NETWORK, CENTRES)] == ["aa", "bb", "cc", "ee"]


def test_a_role_in_another_network_does_not_count():
    other = centre("zz").model_copy(
        update={"roles": (centre("zz").roles[0].model_copy(update={"network": "other"}),)}
    )
    assert label_spans(NETWORK, {"zz": other}) == []


def test_our_table_of_facilities_names_none_twice():
    facilities = load_facilities()
    index = name_index(facilities, {})
    assert {f.facility_id for f in facilities} == set(index.values())
