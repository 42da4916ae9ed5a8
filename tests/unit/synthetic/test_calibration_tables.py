"""Each table of `config/synthetic` against the code tables and against itself: a wrong row is a wrong network."""

import pytest

from pipelines.io.configuration import load_network, read_calibration, read_codes

NETWORK = load_network("netsarc")
FACTORS = {"in_reference", "rcp_before", "metastatic", "superficial", "small", "retroperitoneal", "young"}
TABLES = (
    "adicap_organs", "age_profiles", "birth_names", "birth_places", "effects", "faults", "first_names", "histotypes",
    "name_parts", "rates", "site_profiles", "survival", "targets", "years",
)  # fmt: skip
KEYS = {
    "adicap_organs": ["topography"], "age_profiles": ["profile", "age_from"], "birth_names": ["birth_name"],
    "birth_places": ["cog"], "effects": ["indicator", "factor"], "faults": ["kind", "entity", "field"],
    "first_names": ["first_name", "sex", "peak_year"], "histotypes": ["histotype"], "name_parts": ["part", "text"],
    "rates": ["name"], "site_profiles": ["profile", "topography"], "survival": ["name"],
    "targets": ["indicator", "period"], "years": ["year"],
}  # fmt: skip


def column(table, name):
    return read_calibration(table)[name].dropna()


@pytest.mark.parametrize("table", TABLES)
def test_a_key_stands_once(table):
    assert not read_calibration(table).duplicated(KEYS[table]).any()


@pytest.mark.parametrize("table", TABLES)
def test_every_row_says_where_its_figure_is_from(table):
    """A published source has a year; what has none says that it is ours, a count of codes or an order of magnitude."""
    source = column(table, "source")
    assert len(source) == len(read_calibration(table))
    is_sourced = source.str.contains(r"(?:19|20)\d\d")
    is_ours = source.str.contains(
        r"\b(?:our|ours|tuned)\b|FSG|AYA|INSEE|organ letters|unit error|spreadsheet|linkage|planning"
    )
    assert source[~is_sourced & ~is_ours].tolist() == []


@pytest.mark.parametrize(
    ("table", "name", "low", "high"),
    [
        ("rates", "percent", 0, 100),
        ("faults", "percent", 0, 100),
        ("targets", "percent", 0, 100),
        ("effects", "log_odds", -3, 3),
        ("age_profiles", "age_from", 0, 100),
        ("age_profiles", "age_to", 1, 105),
        ("first_names", "peak_year", 1900, 2025),
        ("first_names", "spread_years", 3, 80),
        ("years", "year", 2010, 2020),
        ("survival", "value", 0, 15),
    ],
)
def test_a_number_is_within_its_bounds(table, name, low, high):
    values = column(table, name).astype(float)
    assert low <= values.min()
    assert values.max() <= high


@pytest.mark.parametrize(
    ("table", "name", "codes", "key"),
    [
        ("histotypes", "morphology", "morphology", "morphology"),
        ("site_profiles", "topography", "topography", "topography"),
        ("adicap_organs", "topography", "topography", "topography"),
    ],
)
def test_every_code_is_in_our_code_tables(table, name, codes, key):
    assert set(column(table, name)) <= set(read_codes(codes)[key])


@pytest.mark.parametrize(
    ("table", "name", "other", "key"),
    [
        ("histotypes", "site_profile", "site_profiles", "profile"),
        ("site_profiles", "profile", "histotypes", "site_profile"),
        ("histotypes", "age_profile", "age_profiles", "profile"),
        ("age_profiles", "profile", "histotypes", "age_profile"),
    ],
)
def test_every_profile_is_there_and_used(table, name, other, key):
    assert set(column(table, name)) <= set(column(other, key))


def test_years_add_up_to_the_published_periods():
    """Blay 2024: 9,266, 12,274 and 22,435 patients."""
    years = read_calibration("years").astype({"year": int, "weight": int})
    assert years["year"].tolist() == list(range(2010, 2021))
    sums = [
        years.loc[years["year"].between(period.start.year, period.end.year), "weight"].sum()
        for period in NETWORK.periods
    ]
    assert sums == [9266, 12274, 22435]


def test_ages_of_a_profile_follow_one_another_without_a_gap():
    ages = read_calibration("age_profiles").astype({"age_from": float, "age_to": float})
    assert (ages["age_from"] < ages["age_to"]).all()
    for _, rows in ages.groupby("profile"):
        assert rows["age_to"].tolist()[:-1] == rows["age_from"].tolist()[1:]


def test_histotypes_add_up_to_the_published_cases():
    """de Pinieux 2021 counts 25,172 sarcomas and connective tumours of intermediate malignancy."""
    weights = read_calibration("histotypes")["weight"].astype(float)
    assert weights.sum() == pytest.approx(25_172, rel=0.03)


def test_codes_of_one_published_group_are_of_one_family_of_sites():
    histotypes = read_calibration("histotypes")
    morphologies = histotypes.groupby("published_group")["morphology"].nunique()
    assert morphologies.max() <= 12
    assert histotypes["morphology"].nunique() >= 155


@pytest.mark.parametrize("indicator", [*NETWORK.indicators, "rx_first_surgery"])
def test_a_target_is_given_for_each_period(indicator):
    targets = read_calibration("targets")
    found = targets.loc[targets["indicator"] == indicator, "period"].tolist()
    expected = [] if indicator == "r1_first_surgery" else [period.id for period in NETWORK.periods]
    assert found == expected


def test_margins_leave_room_for_r1():
    targets = read_calibration("targets").astype({"percent": float})
    margins = targets[targets["indicator"].isin(["r0_first_surgery", "r2_first_surgery", "rx_first_surgery"])]
    assert (100 - margins.groupby("period")["percent"].sum()).between(25, 50).all()


def test_effects_are_of_known_indicators_and_factors():
    effects = read_calibration("effects")
    assert set(effects["indicator"]) <= set(NETWORK.indicators)
    assert set(effects["factor"]) <= FACTORS


@pytest.mark.parametrize(
    ("indicator", "factor", "sign"),
    [
        ("biopsy_before_surgery", "rcp_before", 1),
        ("biopsy_before_surgery", "in_reference", 1),
        ("biopsy_before_surgery", "superficial", -1),
        ("network_rcp_before_surgery", "in_reference", 1),
        ("network_rcp_before_surgery", "superficial", -1),
        ("r0_first_surgery", "in_reference", 1),
        ("r0_first_surgery", "retroperitoneal", -1),
        ("r2_first_surgery", "in_reference", -1),
    ],
)
def test_an_effect_goes_the_way_that_is_published(indicator, factor, sign):
    effects = read_calibration("effects").set_index(["indicator", "factor"])["log_odds"].astype(float)
    assert effects[indicator, factor] * sign > 0


@pytest.mark.parametrize(
    "parts",
    [("review_full", "review_partial", "review_complete"), ("core_biopsy", "incisional_biopsy", None)],
)
def test_shares_of_one_whole_do_not_exceed_it(parts):
    rates = read_calibration("rates").set_index("name")["percent"].astype(float)
    total = sum(rates[name] for name in parts if name)
    assert total == pytest.approx(100) if None not in parts else total < 100


def test_birth_places_are_of_every_department_and_of_the_world():
    places = read_calibration("birth_places")
    departments = set(places.dropna(subset=["region"])["cog"].str[:2])
    assert {f"{n:02d}" for n in range(1, 96) if n != 20} | {"2A", "2B", "97"} <= departments
    assert places["region"].isna().sum() >= 5


def test_names_are_written_as_people_write_them():
    """Capitals first, accents kept, no digit: the service's capitals are made of them."""
    for table, name in (("birth_names", "birth_name"), ("first_names", "first_name")):
        names = column(table, name)
        assert names.str.fullmatch(r"[A-ZÀ-ÝŒ][A-Za-zÀ-ÿŒœ' -]+").all()
        assert not names.str.isupper().any()
    assert set(column("name_parts", "part")) == {"first", "middle", "last"}


def test_there_are_names_enough_for_a_nation():
    parts = read_calibration("name_parts")["part"].value_counts()
    assert parts["first"] * parts["last"] * (1 + parts["middle"]) > 20_000
    assert set(column("first_names", "sex")) == {"F", "M"}


def test_a_fault_of_a_field_is_rarer_than_its_absence():
    """No rule but those of the INS, of names in capitals and of long first names strikes more than one cell in five."""
    faults = read_calibration("faults").astype({"percent": float})
    frequent = faults[faults["percent"] > 20]
    assert set(frequent["kind"]) == {
        "missing_ins",
        "status_not_qualified",
        "compound_first_name",
        "fewer_first_names",
    }
