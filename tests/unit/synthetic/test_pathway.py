"""The care path meets its shares, and its dates say what its answers say."""

import numpy as np
import pytest

from pipelines.synthetic.calibration import EXPORT_DAY, days
from pipelines.synthetic.pathway import MARGINS, NO, YES, facility_names

HEADLINES = {
    "biopsy_before_surgery": ("biopsy_before", YES),
    "network_rcp_before_surgery": ("rcp_before", YES),
    "first_surgery_in_reference": ("in_reference", YES),
    "r0_first_surgery": ("margin", MARGINS.index("R0")),
    "r2_first_surgery": ("margin", MARGINS.index("R2")),
    "rx_first_surgery": ("margin", MARGINS.index("RX")),
}


@pytest.mark.parametrize("period", [0, 1, 2])
@pytest.mark.parametrize("indicator", HEADLINES)
def test_each_share_is_met_to_rounding_in_each_period(cal, drawn, indicator, period):
    column, answer = HEADLINES[indicator]
    rows = drawn.path[drawn.path["is_eligible"] & (drawn.path["period"] == period)]
    found = (rows[column] == answer).sum()
    assert abs(found - cal.target(indicator, period) / 100 * len(rows)) <= 1.5


def test_a_biopsy_before_is_before_and_the_diagnosis_is_its_date(drawn):
    before = drawn.path[drawn.path["biopsy_before"] == YES]
    assert (before["surgery_date"] - before["diagnosis_date"]).between(4, 175).all()
    other = drawn.path[drawn.path["biopsy_before"] != YES]
    assert (other["surgery_date"] == other["diagnosis_date"]).all()


def test_a_board_before_is_before_and_in_the_network(cal, drawn):
    before = drawn.path[drawn.path["rcp_before"] == YES]
    assert (before["board_date"] < before["surgery_date"]).all()
    counted = before[before["status"] != "prevalent"]
    assert (counted["board_date"] >= days(cal.network.incident_from)).all()


def test_nothing_is_operated_after_the_export(drawn):
    assert drawn.path["surgery_date"].max() < EXPORT_DAY


def test_moving_a_tumour_into_the_network_keeps_its_period(cal, drawn):
    incident = drawn.path[drawn.path["status"] == "incident"]
    starts = np.array([days(period.start) for period in cal.network.periods])
    ends = np.array([days(period.end) for period in cal.network.periods])
    period = incident["period"].to_numpy()
    assert (incident["diagnosis_date"].to_numpy() >= starts[period]).all()
    assert (incident["diagnosis_date"].to_numpy() <= ends[period]).all()


def test_the_place_of_surgery_says_the_answer(cal, drawn):
    inside = {name for names in cal.reference_names for name in names}
    written = drawn.path["surgery_facility"]
    assert set(written[drawn.path["in_reference"] == YES]) <= inside
    assert set(written[drawn.path["in_reference"] == NO]) <= set(cal.outside_names)
    assert written[~drawn.path["in_reference"].isin([YES, NO])].isna().all()


def test_no_name_is_both_inside_and_outside(cal):
    inside = [name.casefold() for names in cal.reference_names for name in set(names)]
    outside = {name.casefold() for name in cal.outside_names}
    assert len(inside) == len(set(inside))
    assert not set(inside) & outside


def test_a_facility_outside_has_no_name_of_ours(cal, rng):
    names = facility_names(cal, np.array([0, -1, 3]), rng)
    assert names[0] in cal.reference_names[0]
    assert names[1] is None
    assert names[2] in cal.reference_names[3]


def test_palliative_operations_are_not_eligible(drawn):
    assert not (drawn.path["is_palliative"] & drawn.path["is_eligible"]).any()
    assert drawn.path["is_palliative"].sum() > 0
