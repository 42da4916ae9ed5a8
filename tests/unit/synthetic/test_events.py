"""The acts: their dates say exactly what the path decided."""

import pytest

from pipelines.synthetic.calibration import EXPORT_DAY
from pipelines.synthetic.declare import declare
from pipelines.synthetic.pathway import NO, UNKNOWN, YES

NEEDLE = ["core", "incisional", "fna"]


def with_path(drawn, entity):
    return drawn.events[entity].merge(
        drawn.path, left_on="tumour", right_index=True, suffixes=("", "_of_tumour")
    )


def test_biopsies_are_before_the_operation_exactly_where_the_answer_is_yes(drawn):
    acts = with_path(drawn, "biopsy").query("is_operated")
    before = acts[acts["biopsy_kind"].isin(NEEDLE) & (acts["biopsy_date"] < acts["surgery_date"])]
    operated = drawn.path[drawn.path["is_operated"]]
    assert set(before["tumour"]) == set(operated.index[operated["biopsy_before"] == YES])


def test_an_unknown_biopsy_has_no_row_and_never_a_no(drawn):
    unknown = drawn.path[drawn.path["is_operated"] & (drawn.path["biopsy_before"] == UNKNOWN)]
    assert not unknown.index.isin(drawn.events["biopsy"]["tumour"]).any()
    assert {True, None} == set(unknown["had_biopsy"])


def test_no_biopsy_at_all_is_stated(drawn):
    none = drawn.path[drawn.path["is_operated"] & (drawn.path["no_biopsy"] == "none")]
    assert set(none["had_biopsy"]) == {False}
    assert not none.index.isin(drawn.events["biopsy"]["tumour"]).any()


def test_labelled_boards_are_before_the_operation_exactly_where_the_answer_is_yes(drawn):
    acts = with_path(drawn, "rcp").query("is_operated and status != 'prevalent'")
    labelled = acts["rcp_kind"].isin(["sarcoma_network", "resos"])
    before = acts[labelled & (acts["rcp_date"] < acts["surgery_date"])]
    operated = drawn.path[drawn.path["is_operated"] & (drawn.path["status"] != "prevalent")]
    assert set(before["tumour"]) == set(operated.index[operated["rcp_before"] == YES])


def test_the_first_operation_is_the_earliest_that_counts(drawn):
    acts = drawn.events["surgery"]
    kinds = ["resection", "excisional_biopsy", "unplanned_excision", "amputation"]
    counted = acts[acts["surgery_kind"].isin(kinds) & (acts["surgery_target"] == "primary")]
    assert not counted["tumour"].duplicated().any()
    assert counted["is_first"].all()
    assert set(counted["tumour"]) == set(drawn.path.index[drawn.path["is_operated"]])


def test_an_unplanned_excision_is_outside_without_board_or_biopsy(drawn):
    acts = with_path(drawn, "surgery").query("surgery_kind == 'unplanned_excision'")
    assert len(acts) > 50
    assert (acts["in_reference"] != YES).all()
    assert (acts["rcp_before"] == NO).all()
    assert (acts["biopsy_before"] == NO).all()


def test_re_excision_has_its_published_shares(drawn):
    again = drawn.events["surgery"].query("surgery_kind == 're_excision'")["tumour"]
    operated = drawn.path[drawn.path["is_operated"]]
    share = operated.index.isin(again)
    assert share[operated["rcp_before"] == YES].mean() * 100 == pytest.approx(6.0, abs=1.0)
    assert share[operated["rcp_before"] == NO].mean() * 100 == pytest.approx(17.4, abs=1.0)


@pytest.mark.parametrize("entity", ["biopsy", "imaging", "rcp", "surgery", "treatment"])
def test_no_act_is_later_than_the_export(drawn, entity):
    dates = drawn.events[entity].filter(like="_date")
    assert dates.max().max() <= EXPORT_DAY


def test_nothing_happens_after_a_death(drawn):
    person = drawn.path["person"].to_numpy()
    for frame in (*drawn.events.values(), drawn.relapses):
        end = drawn.outcomes.end[person[frame["tumour"].to_numpy()]]
        assert (frame.filter(like="_date").max(axis=1) <= end).all()


def test_a_record_opened_at_relapse_has_a_relapse(drawn):
    moved = drawn.records[drawn.records["record_kind"] == "relapse"]["person"]
    relapsed = drawn.path.loc[drawn.relapses.query("follow_up_event == 'local_relapse'")["tumour"], "person"]
    assert set(moved) <= set(relapsed)


def test_the_first_record_declares_every_act(drawn, rng):
    declared = declare(drawn.events, drawn.held, rng)
    for entity, frame in drawn.events.items():
        first = declared[entity].query("record_kind == 'primary'")
        assert len(first) == len(frame)
        assert len(declared[entity]) > len(first)


def test_a_second_centre_may_not_know_the_margin_but_never_another_one(drawn, rng):
    rows = declare({"surgery": drawn.events["surgery"]}, drawn.held, rng)["surgery"]
    rows = rows[rows["is_first"]]
    known = rows[rows["margin"] != "RX"].groupby("tumour")["margin"].nunique()
    assert known.max() == 1
    told = rows.groupby("tumour")["margin"].nunique()
    assert (told == 2).any()


def test_survival_is_plausible(drawn):
    path = drawn.path[drawn.path["status"] == "incident"]
    months = (drawn.outcomes.end[path["person"]] - path["diagnosis_date"]) / 30.44
    dead = drawn.outcomes.is_dead[path["person"]]
    metastatic = (path["extent_at_diagnosis"] == "metastatic").to_numpy()
    assert 11 < months.median() < 19
    assert dead[metastatic].mean() > 2 * dead[~metastatic].mean()
