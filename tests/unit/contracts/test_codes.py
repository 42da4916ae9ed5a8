"""The closed lists: what centres' words are mapped to and what the warehouse stores, with a label in each language."""

import re

import pytest

from tests.tables import parse
from validations.contracts import codes
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Code, Kind
from validations.contracts.tables import TABLES

LISTS = {
    name: value
    for name, value in vars(codes).items()
    if isinstance(value, tuple) and all(isinstance(one, Code) for one in value)
}
EVERY_LIST = pytest.mark.parametrize("name", LISTS)

#: Stored in the files of the centres, in warehouses and in SQL: a value is added, never renamed.
VALUES = parse("""
    list               | values
    SEX                | M F U
    INS_STATUS         | PROV RECUP VALI QUAL
    PRECISION          | day month year unknown
    VITAL_STATUS       | alive dead lost
    PREDISPOSITION     | nf1 li_fraumeni retinoblastoma other none
    ENTRY_REASON       | primary relapse opinion
    MORPHOLOGY_VERSION | icdo30 icdo31 icdo32
    LATERALITY         | left right bilateral midline not_applicable
    DEPTH              | superficial deep both not_applicable
    GRADE_SYSTEM       | fnclcc icdo other
    EXTENT             | localised locoregional metastatic
    BIOPSY_KIND        | fna core incisional excisional
    MODALITY           | mri ct ultrasound xray pet bone_scan
    IMAGING_TARGET     | primary chest whole_body
    RCP_KIND           | sarcoma_network resos local molecular diagnostic_advice
    RCP_REASON         | diagnosis treatment relapse follow_up
    CONCORDANCE        | full partial complete
    SURGERY_KIND       | resection re_excision excisional_biopsy unplanned_excision amputation complication metastasectomy exploratory
    SURGERY_TARGET     | primary relapse metastasis
    INTENT             | curative palliative
    MARGIN             | R0 R1 R2 RX
    TREATMENT_KIND     | radiotherapy systemic ilp other
    TREATMENT_SETTING  | neoadjuvant adjuvant definitive palliative
    FOLLOW_UP_EVENT    | last_news progression local_relapse metastasis second_cancer
    DISEASE_STATUS     | NED AWD DOD DOC DUC lost
    SEVERITY           | fatal error warning info
    RULE_OUTCOME       | passed failed not_applicable error
    REASON_NOT_JUDGED  | not_sent no_row broken_condition
    LINKAGE_MEASURE    | pair_compared pair_decision pair_reason pair_weight pair_mean_weight person_size person_largest person_check record_check question_reason trait_level trait_drift
    READING            | initial expert declared
    CODING_METHOD      | code migrated repaired label adicap none
    REASON_UNKNOWN     | no_statement date_missing date_overlap margin_unknown facility_unknown
    FACILITY_ROLE      | reference outside
    RULED_BY           | only trust frequency recency order
""")  # noqa: E501 - one line per list


@pytest.mark.parametrize("published", VALUES, ids=lambda row: row["list"])
def test_a_published_value_is_still_there(published):
    assert [code.value for code in LISTS[published["list"]]] == published["values"].split()


def test_every_list_is_published():
    assert list(LISTS) == [row["list"] for row in VALUES]


@EVERY_LIST
def test_a_value_appears_once_and_is_a_word_without_space(name):
    values = [code.value for code in LISTS[name]]
    assert len(values) == len({value.casefold() for value in values}) >= 2
    assert [value for value in values if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value)] == []


@EVERY_LIST
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_label_is_clean_and_belongs_to_one_value_of_its_list(name, language):
    labels = [getattr(code, language) for code in LISTS[name]]
    assert len(labels) == len({label.casefold() for label in labels})
    assert [label for label in labels if not label or label != " ".join(label.split())] == []
    assert [label for label in labels if re.search(r"[|`*\\<>]", label)] == []  # they are cells of pages


@EVERY_LIST
def test_a_list_is_used(name):
    assert any(field.codes is LISTS[name] for table in TABLES.values() for field in table.fields)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_field_has_a_list_exactly_when_it_is_a_code(table):
    assert [f.name for f in table.fields if bool(f.codes) != (f.kind is Kind.CODE)] == []
    assert [f.name for f in table.fields if f.codes and f.codes not in LISTS.values()] == []


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("sex", "SEX"),
        ("ins_status", "INS_STATUS"),
        ("vital_status", "VITAL_STATUS"),
        ("entry_reason", "ENTRY_REASON"),
        ("margin", "MARGIN"),
        ("surgery_kind", "SURGERY_KIND"),
        ("surgery_target", "SURGERY_TARGET"),
        ("surgery_intent", "INTENT"),
        ("biopsy_kind", "BIOPSY_KIND"),
        ("rcp_kind", "RCP_KIND"),
        ("follow_up_event", "FOLLOW_UP_EVENT"),
        ("disease_status", "DISEASE_STATUS"),
        ("treatment_kind", "TREATMENT_KIND"),
        ("grade_system", "GRADE_SYSTEM"),
    ],
)
def test_a_field_of_an_indicator_or_rule_has_its_own_list(field, name):
    found = [f.codes for fields in ENTITIES.values() for f in fields if f.name == field]
    assert found == [LISTS[name]]
