"""Every shipped code table: keys once, codes well formed, references that exist, words in both languages."""

import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from pipelines.io.configuration import load_network, network_ids, read_codes
from pipelines.io.share import share
from validations.contracts.codes import FACILITY_ROLE, MORPHOLOGY_VERSION

FOLDER = share() / "config" / "codes"
MORPHOLOGY = r"[89]\d{3}/[01369]"
TOPOGRAPHY = r"C\d{2}(\.\d)?"
WORD = r"[a-z][a-z0-9_]*"
PREDICATE = "exact|broad|narrow|related"
TEXT = r"\S(.*\S)?"
#: table | key | column → what a filled cell looks like
FORMS = {
    "morphology": (["morphology"], {
        "morphology": MORPHOLOGY, "behaviour": r"[01369]", "label_fr": TEXT, "label_en": TEXT, "who_group": WORD,
        "malignancy_class": "sarcoma|intermediate|benign|not_sarcoma|unknown", "iarc_group": r"[1-9]|1\d",
        "source": r"ICD-O-3\.2|WHO-20\d\d", "parent": MORPHOLOGY}),
    "topography": (["topography"], {
        "topography": TOPOGRAPHY, "label_fr": TEXT, "label_en": TEXT, "site_group": WORD,
        "iarc_site_group": r"C\d{2}"}),
    "adicap": (["lesion"], {
        "lesion": r"[A-Z][0-9A-Z]{3}", "morphology": MORPHOLOGY, "predicate": PREDICATE, "comment": TEXT}),
    "icd10_topography": (["icd10"], {
        "icd10": r"[CD]\d{2}(\.\d)?", "topography": TOPOGRAPHY, "predicate": PREDICATE, "comment": TEXT}),
    "morphology_migration": (["code_old", "last_version"], {
        "code_old": MORPHOLOGY, "last_version": "|".join(code.value for code in MORPHOLOGY_VERSION),
        "code_new": MORPHOLOGY, "certainty": WORD, "effect": WORD, "comment": TEXT, "source": TEXT}),
    "morphology_synonym": (["term"], {
        "term": TEXT, "language": "fr|en", "morphology": MORPHOLOGY, "level": "synonym|related|acronym"}),
    "topography_synonym": (["term"], {
        "term": TEXT, "language": "fr|en", "topography": TOPOGRAPHY, "level": "synonym|related"}),
    "entity": (["morphology", "words"], {
        "morphology": MORPHOLOGY, "words": TEXT, "entity": r"[a-z_]+\.[a-z0-9]+(-[a-z0-9]+)*"}),
    "label_word": (["words"], {"words": TEXT, "meaning": r"[a-z]+( [a-z]+)*"}),
    "label_noise": (["words"], {"words": TEXT, "kind": WORD}),
    "label_marker": (["words"], {"words": TEXT, "morphologies": rf"{MORPHOLOGY}( {MORPHOLOGY})*"}),
    "label_family": (["words"], {"words": TEXT, "morphology": MORPHOLOGY}),
    "site_check": (["morphology", "sites"], {
        "morphology": MORPHOLOGY, "sites": rf"{TOPOGRAPHY}( {TOPOGRAPHY})*", "instead": MORPHOLOGY,
        "is_certain": "yes|no", "comment": TEXT}),
    "header_words": (["field", "word"], {
        "field": WORD, "word": TEXT, "language": "fr|en", "source": TEXT}),
    "value_words": (["field", "word"], {
        "field": WORD, "code": r"\w[\w.]*", "word": TEXT, "language": "fr|en", "source": TEXT}),
    "facility": (["alias"], {
        "facility_id": WORD, "name": TEXT, "alias": TEXT, "role": "|".join(code.value for code in FACILITY_ROLE),
        "centre_id": WORD, "valid_from": r"\d{4}-\d\d-\d\d", "valid_to": r"\d{4}-\d\d-\d\d"}),
}  # fmt: skip
#: The columns that may be empty; every other cell of every table is filled.
OPTIONAL = {
    "morphology": {"parent"}, "adicap": {"comment"}, "morphology_migration": {"code_new"},
    "entity": {"words"}, "site_check": {"instead"}, "facility": {"centre_id", "valid_from", "valid_to"},
}  # fmt: skip
TABLES = sorted(FORMS)
CELLS = [(table, column) for table in TABLES for column in FORMS[table][1]]


def column(table: str, name: str) -> list[str]:
    return read_codes(table)[name].dropna().tolist()


def bare(term: str) -> str:
    """A term as a reader compares it: no accent, no case, single spaces."""
    letters = unicodedata.normalize("NFKD", term.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def test_every_file_is_described_here_and_read_as_declared():
    assert sorted(path.stem for path in FOLDER.glob("*")) == TABLES
    assert {table: list(read_codes(table).columns) for table in TABLES} == {
        table: list(forms) for table, (_, forms) in FORMS.items()
    }


@pytest.mark.parametrize("table", TABLES)
def test_a_file_is_plain_utf_8_of_equal_lines(table: str):
    content = (FOLDER / f"{table}.csv").read_bytes()
    text = content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert "\r" not in text
    assert text.endswith("\n")
    assert unicodedata.normalize("NFC", text) == text
    assert not re.search("[\x00-\x09\x0b-\x1f\u00ad\u200b-\u200f\ufffd]", text)


@pytest.mark.parametrize("table", TABLES)
def test_no_key_is_there_twice(table: str):
    key, _ = FORMS[table]
    frame = read_codes(table)
    assert frame[frame.duplicated(key, keep=False)].to_dict("records") == []


@pytest.mark.parametrize(("table", "name"), CELLS)
def test_every_cell_is_well_formed(table: str, name: str):
    form = FORMS[table][1][name]
    assert [cell for cell in column(table, name) if not re.fullmatch(form, cell)] == []


@pytest.mark.parametrize("table", TABLES)
def test_only_an_optional_cell_is_empty(table: str):
    empty = read_codes(table).isna().any()
    assert set(empty[empty].index) <= OPTIONAL.get(table, set())


@pytest.mark.parametrize(
    ("table", "name", "target"),
    [
        ("morphology", "parent", "morphology"),
        ("adicap", "morphology", "morphology"),
        ("morphology_migration", "code_new", "morphology"),
        ("morphology_synonym", "morphology", "morphology"),
        ("icd10_topography", "topography", "topography"),
        ("topography_synonym", "topography", "topography"),
        ("entity", "morphology", "morphology"),
        ("label_family", "morphology", "morphology"),
        ("site_check", "morphology", "morphology"),
        ("site_check", "instead", "morphology"),
    ],
)
def test_every_code_that_a_table_points_to_exists(table: str, name: str, target: str):
    assert sorted(set(column(table, name)) - set(column(target, target))) == []


@pytest.mark.parametrize("table", ["morphology", "topography"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_label_names_one_code(table: str, language: str):
    labels = pd.Series([bare(label) for label in column(table, f"label_{language}")])
    assert labels[labels.duplicated(keep=False)].tolist() == []


def test_the_two_languages_are_two_languages():
    for table in ("morphology", "topography"):
        frame = read_codes(table)
        alike = (frame["label_fr"].str.casefold() == frame["label_en"].str.casefold()).mean()
        assert alike < 0.15, table  # "Rectum", "Sarcoma botryoides": a few words are the same


def test_benign_and_malignant_codes_have_the_class_of_their_behaviour():
    frame = read_codes("morphology")
    assert set(frame.loc[frame["behaviour"] == "0", "malignancy_class"]) <= {"benign", "unknown"}
    assert "benign" not in set(frame.loc[frame["behaviour"] == "3", "malignancy_class"])
    assert set(frame.loc[frame["malignancy_class"] == "sarcoma", "behaviour"]) == {"3"}


def test_a_migrated_code_leads_to_another_one_in_one_step():
    frame = read_codes("morphology_migration").dropna(subset=["code_new"])
    renamed = frame[frame["certainty"] == "certain"]
    assert (renamed["code_old"] != renamed["code_new"]).all()
    assert sorted(set(renamed["code_new"]) & set(renamed["code_old"])) == []


@pytest.mark.parametrize(
    ("table", "code"), [("morphology_synonym", "morphology"), ("topography_synonym", "topography")]
)
def test_one_term_leads_to_one_code_however_it_is_typed(table: str, code: str):
    frame = read_codes(table)
    codes = frame.assign(term=[bare(term) for term in frame["term"]]).groupby("term")[code].nunique()
    assert codes[codes > 1].index.tolist() == []


def test_a_synonym_that_is_a_label_means_the_code_of_that_label():
    frame = read_codes("morphology")
    labels = {bare(row.label_fr): row.morphology for row in frame.itertuples()}
    synonyms = {bare(row.term): row.morphology for row in read_codes("morphology_synonym").itertuples()}
    assert {term: code for term, code in synonyms.items() if labels.get(term, code) != code} == {}


def test_a_facility_has_one_name_and_one_role_however_it_is_called():
    frame = read_codes("facility")
    described = frame.drop_duplicates(["facility_id", "name", "role", "centre_id", "valid_from", "valid_to"])
    assert described["facility_id"].is_unique
    assert (frame["name"] == frame["alias"]).groupby(frame["facility_id"]).any().all()


@pytest.mark.parametrize("network", network_ids())
def test_the_scope_of_a_network_names_classes_that_exist(network: str):
    assert set(load_network(network).scope.malignancy_classes) <= set(
        column("morphology", "malignancy_class")
    )


@pytest.mark.parametrize(
    "path", sorted((share() / "config" / "synthetic").glob("*.csv")), ids=lambda path: path.stem
)
def test_a_table_of_the_synthetic_network_has_full_rows(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    frame = pd.read_csv(path, dtype="string", keep_default_na=False)
    assert len(frame) == sum(bool(line.strip()) for line in lines) - 1
    assert not frame.duplicated().any()
    assert not frame.apply(lambda cells: cells.str.contains(r"^\s|\s$", regex=True)).any(axis=None)
