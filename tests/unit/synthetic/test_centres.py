"""The 28 files of the centres and the places of surgery: what the generator can write, a reader can take back."""

import re

import pytest

from pipelines.config import BOOLEAN_VALUES
from pipelines.io.configuration import centre_ids, load_centres, read_calibration, read_codes
from pipelines.synthetic.layout import base_of, bases, entities_of, file_name, file_of, has_parts, keys_of
from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED
from validations.contracts.model import Kind

CENTRES = load_centres("netsarc")
REGISTRIES = {"rreps", "resos"}
FIELDS = {(entity, field.name): field for entity, fields in ENTITIES.items() for field in fields}
#: What the draws can say in each coded field; a centre needs a word for all of it.
DRAWN = {
    "ins_status": {"QUAL", "RECUP", "VALI", "PROV"},
    "sex": {"F", "M"},
    "vital_status": {"alive", "dead", "lost"},
    "predisposition": {"none", "nf1", "li_fraumeni", "other"},
    "entry_reason": {"primary", "opinion", "relapse"},
    "laterality": {"left", "right", "not_applicable"},
    "depth": {"superficial", "deep", "not_applicable"},
    "grade_system": {"fnclcc"},
    "extent_at_diagnosis": {"localised", "locoregional", "metastatic"},
    "biopsy_kind": {"fna", "core", "incisional", "excisional"},
    "modality": {"mri", "ct", "ultrasound", "xray", "pet"},
    "imaging_target": {"primary", "chest"},
    "rcp_kind": {"sarcoma_network", "resos", "local", "molecular", "diagnostic_advice"},
    "rcp_reason": {"diagnosis", "treatment", "follow_up"},
    "concordance": {"full", "partial", "complete"},
    "surgery_kind": {
        "resection", "re_excision", "excisional_biopsy", "unplanned_excision", "amputation", "complication",
        "metastasectomy", "exploratory",
    },
    "surgery_target": {"primary", "relapse", "metastasis"},
    "surgery_intent": {"curative", "palliative"},
    "margin": {"R0", "R1", "R2", "RX"},
    "treatment_kind": {"radiotherapy", "systemic"},
    "treatment_setting": {"adjuvant", "definitive", "palliative"},
    "follow_up_event": {"last_news", "local_relapse", "metastasis"},
    "disease_status": {"NED", "AWD", "DOD", "DOC", "DUC", "lost"},
}  # fmt: skip


def sheets(centre):
    return [sheet for file in centre.files for sheet in file.sheets]


def maps(centre, entity=None):
    return [t for sheet in sheets(centre) for t in sheet.tables if entity in (None, t.entity)]


def sent(centre, entity):
    return {name for map_ in maps(centre, entity) for name in map_.columns}


def test_each_file_is_of_the_centre_that_it_names():
    assert centre_ids("netsarc") == sorted(CENTRES)
    assert [name for name, centre in CENTRES.items() if centre.id != name] == []
    assert len(CENTRES) == 28


@pytest.mark.parametrize("name", CENTRES)
def test_a_centre_has_a_word_for_everything_that_may_be_drawn(name):
    centre = CENTRES[name]
    lacking = [
        (field, code)
        for map_ in maps(centre)
        for field in map_.columns
        for code in DRAWN.get(field, ())
        if FIELDS[map_.entity, field].kind is Kind.CODE and not centre.values.get(field, {}).get(code)
    ]
    assert lacking == []


@pytest.mark.parametrize("name", CENTRES)
def test_a_centre_says_yes_and_no(name):
    words = CENTRES[name].values["boolean"]
    assert set(words) == set(BOOLEAN_VALUES)
    assert not set(words["yes"]) & set(words["no"])


@pytest.mark.parametrize("name", CENTRES)
def test_a_word_means_one_thing_and_is_not_a_word_for_missing(name):
    centre = CENTRES[name]
    for field, said in centre.values.items():
        words = [word.casefold() for group in said.values() for word in group]
        assert len(words) == len(set(words)), field
        assert not set(words) & {word.casefold() for word in centre.export.missing}, field


@pytest.mark.parametrize("name", CENTRES)
def test_words_and_headers_can_be_written_in_the_encoding_of_the_centre(name):
    centre = CENTRES[name]
    export = centre.export
    if export.format != "csv":
        return
    words = [w for said in centre.values.values() for group in said.values() for w in group]
    headers = [h for sheet in sheets(centre) for h in sheet.expected_columns]
    for text in (*words, *headers, *centre.export.missing):
        assert text.encode(export.encoding).decode(export.encoding) == text
    for label in (*read_codes("morphology")["label_fr"], *read_codes("topography")["label_fr"]):
        if {"diagnosis_label", "topography_label"} & sent(centre, "tumour"):
            assert label.encode(export.encoding)


@pytest.mark.parametrize("name", CENTRES)
def test_every_name_of_a_person_or_place_can_be_written_there(name):
    export = CENTRES[name].export
    if export.format != "csv":
        return
    texts = [
        *read_calibration("birth_names")["birth_name"], *read_calibration("first_names")["first_name"],
        *read_calibration("name_parts")["text"], *read_codes("facility")["alias"],
        *(alias for centre in CENTRES.values() for alias in (centre.name, *centre.aliases)),
    ]  # fmt: skip
    lost = [text for text in texts if text.encode(export.encoding, "replace").decode(export.encoding) != text]
    assert lost == []


@pytest.mark.parametrize("name", CENTRES)
def test_a_sheet_has_the_key_columns_of_its_entities_and_no_header_twice(name):
    for sheet in sheets(CENTRES[name]):
        base = base_of(sheet)
        for map_ in sheet.tables:
            assert set(ENTITY_REQUIRED[map_.entity]) <= set(map_.columns)
        said = {}
        for map_ in sheet.tables:
            for field, header in map_.columns.items():
                owner = field if field in ENTITY_REQUIRED[map_.entity] else (id(map_), field)
                assert said.setdefault(header, owner) == owner, header
        assert base in {map_.entity for map_ in sheet.tables}


@pytest.mark.parametrize("name", sorted(set(CENTRES) - REGISTRIES))
def test_a_reference_centre_sends_every_entity_of_care(name):
    entities = {map_.entity for map_ in maps(CENTRES[name])}
    assert entities >= set(ENTITIES) - {"patient_history", "pathology_review", "imaging"}


@pytest.mark.parametrize("name", CENTRES)
def test_an_entity_is_in_one_file(name):
    centre = CENTRES[name]
    for entity in ENTITIES:
        holding = [file for file in centre.files if entity in entities_of(file.sheets)]
        assert len(holding) <= 1
        assert file_of(centre, entity) == (holding[0] if holding else None)


@pytest.mark.parametrize("name", CENTRES)
def test_a_file_is_recognised_by_one_map_only(name):
    files = CENTRES[name].files
    for file in files:
        written = file_name(file, 3)
        assert [other for other in files if other.pattern.fullmatch(written)] == [file]
        assert file.pattern.fullmatch(written)["exported"] == "20210630"
        assert (
            written.rsplit(".", 1)[1] == CENTRES[name].export.format or CENTRES[name].export.format == "csv"
        )


def test_no_two_centres_send_a_file_of_one_name():
    names = [file_name(file) for centre in CENTRES.values() for file in centre.files]
    assert len(names) == len(set(names))


def test_an_xls_export_comes_in_parts_and_no_other_must():
    for centre in CENTRES.values():
        if centre.export.format == "xls":
            assert all(has_parts(file) for file in centre.files)


def test_a_line_of_text_is_the_first_sheet_only():
    """A text file has no second sheet, and a workbook names all of its own when it has several."""
    for centre in CENTRES.values():
        for file in centre.files:
            names = [sheet.sheet for sheet in file.sheets]
            assert len(names) == len(set(names))
            assert centre.export.format != "csv" or names == [None]


def test_all_ten_entities_and_every_field_that_is_drawn_are_sent_by_somebody():
    undrawn = {"morphology_version"}
    for entity, fields in ENTITIES.items():
        everywhere = set().union(*(sent(centre, entity) for centre in CENTRES.values()))
        assert {field.name for field in fields} - everywhere <= undrawn, entity


def names_of_places():
    """(who, name) of every name that a place of surgery may bear."""
    centres = [(centre.id, name) for centre in CENTRES.values() for name in {centre.name, *centre.aliases}]
    facility = read_codes("facility")
    return centres + list(dict.fromkeys(zip(facility["facility_id"], facility["alias"], strict=True)))


def bare(name):
    return re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()


def test_a_name_is_of_one_place():
    owner = {}
    for who, name in names_of_places():
        assert owner.setdefault(bare(name), who) == who, name


def test_every_place_outside_has_its_name_among_its_aliases_and_no_role():
    facility = read_codes("facility")
    for _, rows in facility.groupby("facility_id"):
        assert rows["name"].nunique() == 1
        assert set(rows["name"]) <= set(rows["alias"])
    assert set(facility["role"]) == {"outside"}
    assert facility["centre_id"].isna().all()
    assert not facility.duplicated(["facility_id", "alias"]).any()


def test_a_centre_is_known_to_its_readers_by_several_names():
    for name in set(CENTRES) - REGISTRIES:
        assert len({CENTRES[name].name, *CENTRES[name].aliases}) >= 2


def test_roles_begin_with_the_network_or_later_and_do_not_end_before():
    for centre in CENTRES.values():
        for role in centre.roles:
            assert role.network == "netsarc"
            assert role.valid_from.year >= 2010
            assert role.valid_to is None or role.valid_to > role.valid_from


@pytest.mark.parametrize(
    ("entity", "keys"),
    [
        ("patient_identity", ("local_patient_id",)),
        ("patient_history", ("local_patient_id",)),
        *((e, ("local_patient_id", "local_tumour_id")) for e in ENTITIES if not e.startswith("patient")),
    ],
)
def test_keys_of_an_entity_are_those_of_the_contract(entity, keys):
    assert keys_of(entity) == keys == ENTITY_REQUIRED[entity]


def test_every_centre_has_lines_of_tumours():
    for centre in CENTRES.values():
        assert "tumour" in bases(centre)
        assert bases(centre) <= {map_.entity for map_ in maps(centre)}
