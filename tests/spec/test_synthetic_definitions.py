"""The truth of many small networks, recomputed from the rows that the centres hold by a second implementation.

The tables come first: the second implementation is worth what its own cases are worth.
"""

import dataclasses
from collections import defaultdict

import numpy as np
import pytest

from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.generate import draw_block
from tests.spec import synthetic_oracle as oracle
from tests.tables import parse

SEEDS = range(1, 7)
PATIENTS = 220
#: Rare cases made common, so that every small network has some.
COMMON = {"several_tumours": 8.0, "three_tumours": 40.0, "relapse_only": 5.0, "surgery_elsewhere": 30.0}


def calibration():
    cal = load_calibration("netsarc")
    rates = cal.tables["rates"]
    percent = rates["name"].map(COMMON).fillna(rates["percent"])
    return dataclasses.replace(cal, tables={**cal.tables, "rates": rates.assign(percent=percent)})


CAL = calibration()
REFERENCE = {name for number in CAL.clinical for name in CAL.reference_names[number]}
IARC = {
    code: None if group is None else str(group)
    for code, group in zip(CAL.morphology.index, CAL.morphology["iarc_group"], strict=True)
}
ACTS = ("biopsy", "rcp", "surgery", "pathology_review", "imaging", "treatment", "follow_up")


BEFORE = """
    one          | other        | answer | why
    "2014-03-07" | "2014-03-08" | true   | the day before
    "2014-03-07" | "2014-03-07" | false  | the same day is not before
    "2014-03-08" | "2014-03-07" | false  | the day after
    "2014-02"    | "2014-03-01" | true   | the last day of the month is before
    "2014-03"    | "2014-03-07" | -      | the month overlaps
    "2014-03"    | "2014-03-01" | false  | no day of the month is before its first
    "2014-03-31" | "2014-03"    | false  | the last day is not before any
    "2014"       | "2014-07"    | -      | the year overlaps
    "2013"       | "2014"       | true   | one year before the other
    "2012-02"    | "2012-02-29" | -      | a leap year
    -            | "2014-03-07" | -      | no date
"""


@pytest.mark.parametrize("case", parse(BEFORE), ids=lambda case: case["why"])
def test_before(case):
    assert oracle.is_before(case["one"], case["other"]) is case["answer"]


BIOPSIES = """
    acts                                      | stated  | answer | why
    core 2014-03-01                           | yes     | true   | before
    fna 2014-03-10                            | yes     | false  | the day of the operation
    incisional 2014-03                        | yes     | -      | the month of the operation
    core 2014-04-01                           | yes     | false  | afterwards
    core 2014-03, fna 2014-02-01              | yes     | true   | one is certainly before
    core 2014-03, fna 2014-05-01              | yes     | -      | one may be before
    excisional 2014-03-10                     | yes     | false  | an excision is an operation
    excisional 2014-03-10, core 2014-02-01    | yes     | true   | the needle counts
    -                                         | no      | false  | none is stated
    -                                         | yes     | -      | stated without a date
    -                                         | -       | -      | nothing is said
    core -                                    | yes     | -      | the date is missing
"""


def acts_of(text, entity):
    pairs = [part.split() for part in text.split(",")] if text else []
    return [{f"{entity}_kind": kind, f"{entity}_date": None if date == "-" else date} for kind, date in pairs]


@pytest.mark.parametrize("case", parse(BIOPSIES), ids=lambda case: case["why"])
def test_biopsy_before_surgery(case):
    found = oracle.biopsy_before("2014-03-10", acts_of(case["acts"], "biopsy"), {case["stated"]})
    assert found is case["answer"]


BOARDS = """
    acts                                              | answer | why
    sarcoma_network 2014-03-09                        | true   | the day before
    resos 2014-03-01                                  | true   | the bone network is labelled
    sarcoma_network 2014-03-10                        | false  | the same day
    local 2014-03-01                                  | false  | a local board is not labelled
    diagnostic_advice 2014-03-01, molecular 2014-03-01| false  | nor these
    sarcoma_network 2014-03                           | -      | overlap
    sarcoma_network -                                 | -      | without a date
    local -, sarcoma_network 2014-02                  | true   | one is enough
    -                                                 | false  | no board at all
"""


@pytest.mark.parametrize("case", parse(BOARDS), ids=lambda case: case["why"])
def test_board_before_surgery(case):
    assert oracle.board_before("2014-03-10", acts_of(case["acts"], "rcp")) is case["answer"]


SURGERIES = """
    kind               | target     | intent     | date         | margin | place | group
    resection          | primary    | curative   | "2014-05-01" | R1     | A     | later
    resection          | -          | curative   | "2014-03-01" | RX     | -     | later
    resection          | primary    | -          | "2014-03-01" | R0     | B     | later
    exploratory        | primary    | curative   | "2014-01-01" | -      | A     | later
    metastasectomy     | metastasis | curative   | "2014-01-02" | R2     | A     | later
    resection          | relapse    | curative   | "2014-01-03" | R2     | A     | later
    re_excision        | primary    | curative   | "2014-01-04" | R0     | A     | later
    amputation         | primary    | palliative | "2014-03-01" | R1     | A     | palliative
    unplanned_excision | primary    | curative   | "2014-03-01" | R0     | A     | contradiction
    unplanned_excision | primary    | curative   | "2014-03-01" | R2     | A     | contradiction
    excisional_biopsy  | primary    | curative   | -            | R0     | A     | undated
    exploratory        | primary    | curative   | "2014-01-01" | -      | A     | none
"""


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("later", ("2014-03-01", "R0", ["B"], False)),
        ("palliative", ("2014-03-01", "R1", ["A"], True)),
        ("contradiction", ("2014-03-01", "R2", ["A"], False)),
        ("undated", None),
        ("none", None),
    ],
)
def test_the_first_surgery(group, expected):
    acts = [
        {
            "surgery_kind": row["kind"], "surgery_target": row["target"], "surgery_intent": row["intent"],
            "surgery_date": row["date"], "margin": row["margin"], "surgery_facility": row["place"],
        }
        for row in parse(SURGERIES)
        if row["group"] == group
    ]  # fmt: skip
    found = oracle.first_surgery(acts)
    assert (tuple(found.values()) if found else None) == expected


PRIMARIES = """
    site_a  | site_b  | morphology_a | morphology_b | date_b       | one   | why
    "C49.2" | "C49.1" | "8850/3"     | "8851/3"     | "2016-01-01" | true  | one site, one group
    "C49.2" | "C48.0" | "8850/3"     | "8850/3"     | "2014-01-01" | false | two sites
    "C40.2" | "C41.0" | "9180/3"     | "9180/3"     | "2016-01-01" | true  | bone is one site
    "C49.2" | "C49.2" | "8850/3"     | "8010/3"     | "2014-02-15" | true  | another histology within sixty days
    "C49.2" | "C49.2" | "8850/3"     | "8010/3"     | "2014-04-15" | false | another histology later
"""


@pytest.mark.parametrize("case", parse(PRIMARIES), ids=lambda case: case["why"])
def test_one_primary_or_two(case):
    a = {"topography": case["site_a"], "morphology": case["morphology_a"], "diagnosis_date": "2014-01-01"}
    b = {
        "topography": case["site_b"],
        "morphology": case["morphology_b"],
        "diagnosis_date": str(case["date_b"]),
    }
    assert oracle.are_one_primary(a, b, IARC) is case["one"]


@pytest.fixture(scope="module", params=SEEDS, ids="seed {}".format)
def network(request):
    """(tumours with their rows by entity, truth tables as rows) of one small network."""
    rng = np.random.default_rng([request.param, 0])
    counters = np.zeros(len(CAL.centres), np.int64)
    tables, truths = draw_block(CAL, PATIENTS, 0, (0, 1), counters, rng)
    truth = {name: table.to_pylist() for name, table in truths.items()}
    return tumours_of(tables, truth), truth


def tumours_of(tables, truth):
    """Every national tumour with the rows of all its local tumours; a row of no tumour would be a KeyError."""
    key = {
        (row["centre_id"], row["local_patient_id"], row["local_tumour_id"]): row["tumour_key"]
        for row in truth["local_tumour"]
    }
    tumours = {
        row["tumour_key"]: {**row, "records": [], **{act: [] for act in ACTS}} for row in truth["tumour"]
    }
    names = [centre.id for centre in CAL.centres]
    for entity in ("tumour", *ACTS):
        for row in tables[entity].to_pylist():
            centre = names[row["centre"]]
            tumour = tumours[key[centre, row["local_patient_id"], row["local_tumour_id"]]]
            tumour["records" if entity == "tumour" else entity].append({**row, "centre_id": centre})
    for tumour in tumours.values():
        tumour["diagnosis_date"] = str(tumour["diagnosis_date"])
    return tumours


def test_every_tumour_has_a_local_one(network):
    tumours, truth = network
    assert [key for key, tumour in tumours.items() if not tumour["records"]] == []
    assert sum(len(tumour["records"]) for tumour in tumours.values()) == len(truth["local_tumour"])


def test_incident_tumours_are_those_of_the_definition(network):
    tumours, truth = network
    said = {row["tumour_key"] for row in truth["tumour"] if row["is_incident"]}
    assert oracle.incident_keys(tumours.values()) == said
    assert len(said) == PATIENTS


def test_scope_is_that_of_the_golden_diagnosis(network):
    tumours, _ = network
    classes = CAL.morphology["malignancy_class"]
    wrong = [
        key
        for key, tumour in tumours.items()
        if (classes[oracle.golden_diagnosis(tumour["records"], tumour["pathology_review"])]
            in CAL.network.scope.malignancy_classes) is not tumour["is_in_scope"]
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(
    ("what", "recomputed"),
    [
        ("responsible_centre_id", lambda t: oracle.responsible_centre(t["records"])),
        ("morphology", lambda t: oracle.golden_diagnosis(t["records"], t["pathology_review"])),
        ("period_id", lambda t: oracle.period_of(t["diagnosis_date"], CAL.network.periods)),
        ("topography", lambda t: t["records"][0]["topography"]),
        ("diagnosis_date", lambda t: min(record["diagnosis_date"] for record in t["records"])),
        ("extent_at_diagnosis", lambda t: t["records"][0]["extent_at_diagnosis"]),
        ("is_operated", lambda t: oracle.first_surgery(t["surgery"]) is not None),
    ],
)
def test_what_the_truth_says_of_a_tumour_is_what_its_rows_say(network, what, recomputed):
    tumours, _ = network
    wrong = [(key, tumour[what], recomputed(tumour)) for key, tumour in tumours.items()
             if tumour[what] != recomputed(tumour)]  # fmt: skip
    assert wrong == []


def test_each_answer_of_each_indicator(network):
    """One row per eligible tumour and indicator, no other; each answer is that of the definition."""
    tumours, truth = network
    incident = oracle.incident_keys(tumours.values())
    expected = {
        (key, indicator): answer
        for key, tumour in tumours.items()
        if key in incident and oracle.period_of(tumour["diagnosis_date"], CAL.network.periods)
        for indicator, answer in (oracle.answers(tumour, REFERENCE) or {}).items()
    }
    said = {(row["tumour_key"], row["indicator_id"]): row["is_achieved"] for row in truth["indicator"]}
    assert len(said) == len(truth["indicator"])
    assert said == expected
    assert {indicator for _, indicator in said} == set(CAL.network.indicators)


def test_an_answer_stands_beside_the_facts_of_its_tumour(network):
    tumours, truth = network
    place = {
        row["tumour_key"]: row["is_achieved"]
        for row in truth["indicator"]
        if row["indicator_id"] == "first_surgery_in_reference"
    }
    for row in truth["indicator"]:
        tumour = tumours[row["tumour_key"]]
        assert row["centre_id"] == tumour["responsible_centre_id"]
        assert row["period_id"] == tumour["period_id"]
        assert row["is_first_surgery_in_reference"] is place[row["tumour_key"]]


def test_local_tumours_of_a_person_are_grouped_as_the_definition_groups_them(network):
    """Two local tumours of one person are in one national tumour if, and only if, the rule says one primary."""
    tumours, _ = network
    of_person = defaultdict(list)
    for key, tumour in tumours.items():
        of_person[tumour["person_key"]] += [(key, record) for record in tumour["records"]]
    compared = 0
    for held in of_person.values():
        for rank, (key, one) in enumerate(held):
            for other_key, other in held[rank + 1 :]:
                assert oracle.are_one_primary(one, other, IARC) is (key == other_key)
                compared += 1
    assert compared > PATIENTS / 2
    assert max(len({key for key, _ in held}) for held in of_person.values()) == 3


def test_all_rows_of_one_tumour_are_of_one_person(network):
    tumours, truth = network
    person = {(row["centre_id"], row["local_patient_id"]): row["person_key"] for row in truth["record"]}
    wrong = [
        key
        for key, tumour in tumours.items()
        for entity in ("records", *ACTS)
        for row in tumour[entity]
        if person[row["centre_id"], row["local_patient_id"]] != tumour["person_key"]
    ]
    assert wrong == []


def test_two_centres_never_contradict_one_another_on_one_act(network):
    """A date is one act: its kind, target, intent and place are the same wherever it is told."""
    tumours, _ = network
    told_twice = 0
    for tumour in tumours.values():
        acts = defaultdict(set)
        for act in tumour["surgery"]:
            key = act["surgery_date"], act["surgery_kind"]
            acts[key].add((act["surgery_target"], act["surgery_intent"], act["surgery_facility"]))
        told_twice += len(tumour["surgery"]) > len(acts)
        assert all(len(said) == 1 for said in acts.values())
    assert told_twice > 5
