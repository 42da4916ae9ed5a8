"""What each centre's files say is what was drawn: written in 28 dialects, read back, and compared cell by cell."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.generate import draw_block, generate
from tests.spec.synthetic_reading import PAIRED, SOURCES, Codes, entity_rows, keys_of, read_centre
from validations.contracts.entities import ENTITIES

PATIENTS, SEED = 220, 8
CAL = load_calibration("netsarc")
CENTRES = {centre.id: number for number, centre in enumerate(CAL.centres)}


@pytest.fixture(scope="module")
def canonical():
    """The tables before any dialect, by entity: drawn with the seed of the files."""
    counters = np.zeros(len(CAL.centres), np.int64)
    tables, _ = draw_block(CAL, PATIENTS, 0, (0, 1), counters, np.random.default_rng([SEED, 0]))
    return {entity: table.to_pylist() for entity, table in tables.items()}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    out = tmp_path_factory.mktemp("dialects")
    generate(patients=PATIENTS, seed=SEED, out=out, faults="none")
    return out / "exports"


@pytest.fixture(scope="module")
def read(files):
    """What each centre's files say, read once."""
    return {name: read_centre(files / name, CAL.centres[number]) for name, number in CENTRES.items()}


@pytest.fixture(scope="module")
def codes():
    return Codes()


def drawn_rows(canonical, entity, centre):
    return [row for row in canonical[entity] if row["centre"] == CENTRES[centre]]


def plain_fields(centre, entity):
    """The fields that are written as they are, after words, dates and decimal marks: all but codes of a diagnosis."""
    fields = [field.name for field in ENTITIES[entity]]
    sent = CAL.fields(CENTRES[centre], entity)
    return [name for name in fields if name in sent and name not in (*SOURCES, *PAIRED)]


def counted(rows, fields):
    return Counter(tuple(row[field] for field in fields) for row in rows)


@pytest.mark.parametrize("centre", CENTRES)
def test_every_cell_of_every_entity_comes_back(canonical, read, centre):
    """As many equal rows as were drawn, none lost between two columns of a wide sheet, none twice."""
    for entity in ENTITIES:
        fields = plain_fields(centre, entity)
        drawn = drawn_rows(canonical, entity, centre) if fields else []
        expected = counted(drawn, fields)
        found = counted(entity_rows(read[centre], entity), fields) if fields else Counter()
        assert (expected - found, found - expected) == (Counter(), Counter()), entity


def written_codes(read, entity):
    """(field, what is written, local tumour, edition) of every code and label of a centre."""
    return [
        (field, row[field], row["local_tumour_id"], map_.constants.get("morphology_version", "icdo32"))
        for map_, rows in read
        if map_.entity == entity
        for row in rows
        if any(row[name] is not None for name in map_.presence)
        for field in map_.columns
        if field in SOURCES or field in PAIRED
    ]


@pytest.mark.parametrize("centre", CENTRES)
def test_every_diagnosis_and_site_can_only_mean_the_true_one(canonical, read, codes, centre):
    for entity in ("tumour", "pathology_review"):
        true = {row["local_tumour_id"]: row for row in drawn_rows(canonical, entity, centre)}
        written = written_codes(read[centre], entity)
        wrong = [
            (field, text)
            for field, text, tumour, edition in written
            if not codes.says(field, text, true[tumour], edition)
        ]
        assert wrong == []
        assert written or not true or not CAL.sends(CENTRES[centre], entity)


@pytest.mark.parametrize("centre", CENTRES)
def test_every_tumour_says_its_diagnosis_in_one_way_at_least(read, centre):
    ways = ("morphology_code", "adicap_code", "diagnosis_label")
    silent = [
        row["local_tumour_id"]
        for row in entity_rows(read[centre], "tumour")
        if not any(row.get(way) for way in ways)
    ]
    assert silent == []


def test_the_keys_of_each_entity_are_never_blank(read):
    blank = [
        (centre, entity)
        for centre in CENTRES
        for entity in ENTITIES
        for row in entity_rows(read[centre], entity)
        if any(row[key] is None for key in keys_of(entity))
    ]
    assert blank == []


def test_some_codes_are_left_to_the_label_and_most_are_not(read):
    """An older edition and ADICAP cannot say everything; a centre that left all blank would prove nothing."""
    for field, low, high in (
        ("morphology_code", 0.80, 0.99),
        ("adicap_code", 0.05, 0.95),
        ("icd10_code", 0.3, 1),
    ):
        written = [
            row[field] is not None
            for centre, number in CENTRES.items()
            if field != "morphology_code" or CAL.edition(number) != "icdo32"
            for row in entity_rows(read[centre], "tumour")
            if field in row
        ]
        assert low <= np.mean(written) <= high, field
        assert len(written) > 20


def test_acts_of_a_wide_line_stand_in_order_of_date(read):
    """Where a line holds several acts of a kind, the first column holds the first one."""
    checked = 0
    for centre in CENTRES:
        for entity, date in (("surgery", "surgery_date"), ("rcp", "rcp_date"), ("biopsy", "biopsy_date")):
            ranks = [rows for map_, rows in read[centre] if map_.entity == entity]
            for earlier, later in pairwise(ranks):
                pairs = [(a[date], b[date]) for a, b in zip(earlier, later, strict=True) if b[date]]
                assert all(a is not None and a <= b for a, b in pairs)
                checked += len(pairs)
    assert checked > 20
