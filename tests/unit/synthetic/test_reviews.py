"""The second reading: its agreement, and who says what."""

import pytest


@pytest.mark.parametrize(("concordance", "percent"), [("full", 56.3), ("partial", 35.4), ("complete", 8.3)])
def test_agreement_has_the_published_shares(drawn, concordance, percent):
    incident = drawn.reviews[drawn.path["status"].reindex(drawn.reviews["tumour"]).to_numpy() == "incident"]
    assert abs((incident["concordance"] == concordance).mean() * 100 - percent) < 0.2


def test_full_agreement_means_one_diagnosis_and_the_rest_two(drawn):
    same = drawn.reviews["initial_morphology"] == drawn.reviews["expert_morphology"]
    assert same[drawn.reviews["concordance"] == "full"].all()
    assert not same[drawn.reviews["concordance"] != "full"].any()


def test_the_expert_is_right(drawn):
    true = drawn.path["morphology"].reindex(drawn.reviews["tumour"]).to_numpy()
    assert (drawn.reviews["expert_morphology"] == true).all()


def test_an_excluded_tumour_was_called_a_sarcoma(cal, drawn):
    excluded = drawn.path[drawn.path["status"] == "excluded"]
    classes = cal.morphology["malignancy_class"]
    assert set(classes[excluded["declared"]]) == {"sarcoma", "intermediate"}
    assert set(classes[excluded["morphology"]]) == {"benign", "not_sarcoma"}
    assert excluded.index.isin(drawn.reviews["tumour"]).all()


def test_a_tumour_that_nobody_read_again_is_declared_as_it_is(drawn):
    others = drawn.path[~drawn.path.index.isin(drawn.reviews["tumour"])]
    assert (others["declared"] == others["morphology"]).all()


def test_dates_of_a_reading_follow_one_another(drawn):
    reviews = drawn.reviews
    assert (reviews["sampling_date"] < reviews["received_date"]).all()
    assert (reviews["received_date"] < reviews["expert_date"]).all()
