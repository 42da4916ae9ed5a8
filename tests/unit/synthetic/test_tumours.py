"""What a tumour may be: coded, sited, dated, and possible for its patient."""

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic.tumours import draw_tumours, population


def test_the_population_states_what_comes_on_top(cal):
    people = population(cal, 43_975)
    assert (people.incident, people.prevalent, people.relapse_only, people.excluded) == (
        43975,
        6288,
        220,
        1570,
    )
    assert people.total == 52_053


def test_every_histotype_and_site_is_in_our_code_tables(cal):
    histotypes, sites = cal.tables["histotypes"], cal.tables["site_profiles"]
    assert set(histotypes["morphology"]) <= set(cal.morphology.index)
    assert set(sites["topography"]) <= set(cal.tables["topography"]["topography"])
    assert set(histotypes["site_profile"]) <= set(sites["profile"])
    assert set(histotypes["age_profile"]) <= set(cal.tables["age_profiles"]["profile"])


def test_every_histotype_is_in_the_scope_of_the_network(cal):
    classes = cal.morphology["malignancy_class"].reindex(cal.tables["histotypes"]["morphology"])
    assert set(classes) == set(cal.network.scope.malignancy_classes)


def test_there_are_at_least_155_histotypes(cal):
    assert cal.tables["histotypes"]["morphology"].nunique() >= 155


@pytest.mark.parametrize(("sites", "sex"), [("C51 C54 C55 C56", "F"), ("C61 C62 C63", "M")])
def test_a_site_of_one_sex_is_of_that_sex(drawn, sites, sex):
    here = drawn.tumours["topography"].str[:3].isin(sites.split())
    assert set(drawn.tumours.loc[here, "sex"]) <= {sex}


def test_a_second_primary_is_elsewhere_and_more_than_a_year_later(cal):
    tumours = draw_tumours(cal, population(cal, 20_000), np.random.default_rng(1))
    several = tumours[tumours["person"].duplicated(keep=False)].sort_values(["person", "rank"])
    sites = cal.tables["topography"].set_index("topography")["iarc_site_group"]
    several = several.assign(site=several["topography"].map(sites))
    gap = several.groupby("person")["diagnosis_date"].diff().dropna()
    assert len(several) > 40
    assert several["rank"].max() == 3
    assert not several.duplicated(["person", "site"]).any()
    assert gap.min() > 365


def test_a_period_is_that_of_the_day_of_diagnosis(cal, drawn):
    first = drawn.tumours[drawn.tumours["status"] == "incident"]
    year = pd.to_datetime(first["diagnosis_date"], unit="D").dt.year
    expected = np.select([year <= 2012, year <= 2015], [0, 1], 2)
    assert (first["period"] == expected).all()
    assert (drawn.tumours.loc[drawn.tumours["status"] == "prevalent", "period"] == -1).all()


def test_sizes_are_plausible(drawn):
    size = drawn.tumours["size_mm"].dropna()
    assert size.between(5, 450.5).all()
    superficial = drawn.tumours["depth"] == "superficial"
    assert drawn.tumours.loc[superficial, "size_mm"].max() <= 200


def test_laterality_is_for_paired_sites(drawn):
    sides = drawn.tumours.groupby(drawn.tumours["topography"].str[:3])["laterality"].unique()
    assert set(sides["C48"]) == {"not_applicable"}
    assert set(sides["C40"]) == {"left", "right"}
