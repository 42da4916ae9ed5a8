"""What rules that read words, codes and names must not accuse: as many true records as a centre would show us.

A rule that reads two codes against one another is right only while it knows the conventions of both.
"""

import pytest

from tests.rule_cases import disagreements
from tests.spec.clean_record import findings

#: Sarcomas coded twice, in ICD-10 and in ICD-O-3: the same place, by the conventions of each classification.
TWO_CODES = """
    given: laterality = not_applicable, patient.sex = U, morphology_code = 8801/3, entry_reason = opinion
    icd10_code | topography_code | why
    C02.9      | C02.9           | the tongue
    C05.9      | C06.9           | palate and mouth
    C11.9      | C14.8           | nasopharynx and pharynx
    C15.9      | C16.0           | the cardia is of both
    C16.9      | C16.9           | a GIST of the stomach
    C17.0      | C17.9           | duodenum and small bowel
    C17.2      | C18.0           | ileum and caecum
    C18.9      | C19.9           | colon and rectosigmoid
    C20        | C20.9           | the rectum, in ICD-10 without decimal
    C21.0      | C20.9           | anus and rectum
    C22.4      | C22.0           | a sarcoma of the liver has a code of its own in ICD-10
    C23        | C24.0           | bile ducts
    C25.9      | C25.9           | pancreas
    C26.9      | C17.9           | digestive tract, not specified
    C30.0      | C31.9           | nose and sinuses
    C32.9      | C31.9           | one group of upper airways
    C34.9      | C34.1           | a lung
    C37        | C38.1           | thymus and mediastinum
    C38.0      | C38.0           | the heart
    C38.4      | C34.9           | pleura and lung
    C39.9      | C34.9           | airways, not specified
    C45.0      | C38.4           | a mesothelioma has a code of its own in ICD-10
    C40.2      | C40.2           | a long bone
    C41.4      | C40.2           | hip bone and thigh bone
    C41.0      | C41.0           | the skull
    C43.7      | C49.2           | skin and what is under it
    C44.5      | C44.5           | a Darier of the trunk
    C44.5      | C49.3           | and coded as soft tissue
    C46.0      | C44.7           | a Kaposi has a code of its own in ICD-10
    C46.9      | C49.9           |
    C47.2      | C49.2           | a nerve and what is around it
    C48.0      | C49.4           | behind the peritoneum, in the wall
    C48.0      | C48.0           | a liposarcoma
    C48.1      | C17.9           | mesentery and bowel
    C49.0      | C49.0           | head and neck
    C49.2      | C49.2           | a thigh
    C49.2      | C40.2           | a sarcoma beside a bone
    C49.3      | C50.9           | an angiosarcoma after a breast cancer
    C50.9      | C44.5           | the skin of a breast
    C50.9      | C50.9           | a phyllodes tumour
    C49.4      | C16.9           | soft tissue whatever the organ
    C49.5      | C54.2           | soft tissue whatever the organ
    C53.9      | C54.9           | cervix and corpus
    C54.2      | C55.9           | a leiomyosarcoma of the uterus
    C56        | C57.8           | adnexa
    C57.9      | C54.9           | female, not specified
    C61        | C61.9           | prostate
    C63.1      | C63.1           | spermatic cord
    C62.9      | C63.1           | testis and cord
    C64        | C64.9           | kidney
    C67.9      | C68.0           | bladder and urethra
    C69.6      | C69.6           | orbit
    C70.0      | C71.9           | meninges and brain
    C72.0      | C70.1           | cord and its meninges
    C74.9      | C75.5           | adrenal and paraganglia
    C76.1      | C49.3           | thorax, ill defined
    C76.2      | C48.0           | abdomen, ill defined
    C76.5      | C40.2           | leg, ill defined
    C77.9      | C49.2           | a node
    C78.0      | C49.2           | a metastasis
    C79.5      | C49.2           | a metastasis in bone
    C80.0      | C49.2           | primary unknown there
    C34.9      | C80.9           | primary unknown here
    C17.9      | C76.2           | ill defined here
    D21.2      | C49.2           | benign
    D48.1      | C49.2           | uncertain
    D17.7      | C48.0           | a lipoma
    D48.0      | C40.2           | uncertain, of bone
    Z85.8      | C49.2           | a history of cancer
    C499       | C164            | without points
    c49        | c16             | without subsites, in lower case
"""

#: The same tumour cannot be of both.
TWO_ORGANS = """
    given: laterality = not_applicable, patient.sex = U, morphology_code = 8801/3, entry_reason = opinion
    found         | icd10_code | topography_code | why
    DIAGNOSIS-025 | C16.9      | C49.2           | a stomach and a thigh
    DIAGNOSIS-025 | C34.9      | C49.1           | a lung and an arm
    DIAGNOSIS-025 | C40.2      | C49.2           | bone and soft tissue
    DIAGNOSIS-025 | C41.2      | C49.1           | spine and arm
    DIAGNOSIS-025 | C54.2      | C16.9           | uterus and stomach
    DIAGNOSIS-025 | C16.9      | C17.9           | stomach and small bowel
    DIAGNOSIS-025 | C22.4      | C34.9           | liver and lung
    DIAGNOSIS-025 | C34.9      | C22.0           | lung and liver
    DIAGNOSIS-025 | C64        | C22.0           | kidney and liver
    DIAGNOSIS-025 | C71.9      | C41.0           | brain and skull
    DIAGNOSIS-025 | C50.9      | C34.9           | breast and lung
    DIAGNOSIS-025 | C62.9      | C64.9           | testis and kidney
    DIAGNOSIS-025 | C45.0      | C64.9           | pleura and kidney
    DIAGNOSIS-025 | C73        | C15.9           | thyroid and oesophagus
    DIAGNOSIS-025 | C69.6      | C71.9           | orbit and brain
    DIAGNOSIS-025 | C02.9      | C31.9           | tongue and sinus
    DIAGNOSIS-025 | c164       | C541            | without points, in lower case
"""

#: Names of diagnoses and drugs that are short, odd, or begin as an answer that says nothing.
SAYS_SOMETHING = (
    "GIST", "UPS", "LMS", "LPS", "DFSP", "MPNST", "ASPS", "SFT", "EWS", "PNET", "RMS", "OS", "CS", "T",
    "autre sarcome", "autres tumeurs", "Autre : myxofibrosarcome", "inconnu avant la relecture", "non sarcome",
    "non précisé, en faveur d'un liposarcome", "sarcome SAI", "sarcome, NOS", "NA (nodule aponévrotique)", "NC1",
    "nd : nodule dermique", "à préciser : tumeur fibreuse", "non gradé", "lésion non communiquée", "nul doute",
    "AI", "API-AI", "MAI", "VAC", "VIDE", "IE", "ET-743", "5-FU", "Caelyx", "essai en double aveugle",
)  # fmt: skip
#: Answers that say nothing, as people type them.
SAYS_NOTHING = (
    "autre", "Autre", "AUTRES", "other", "inconnu", "Inconnue", "INCONNUS", "unknown", "null", "NULL", "none", "nsp",
    "NR", "n/a", "N/A", "na", "nc", "ND", "non renseigné", "Non renseignée", "NON PRÉCISÉ", "non précisée",
    "non connu", "non communiqué", "à préciser", "A PRECISER", "?", "??", "-", "--", "...", "/", "0", "99", "*",
    " ? ", "  autre  ", "_",
)  # fmt: skip

#: Names of people, each true, of whom a rule on names might think badly.
NAMES = (
    "LY", "NG", "UNG", "EA", "OH", "NEE", "LENEE", "VEUVE", "LAVEUVE", "EPOUSE-DUPONT", "D'EPOUSE", "SAINT-VEUVE",
    "DE LA VEUVIERE", "NEEL", "NÉEL", "O'NEILL", "Ó SÉ", "MAC NEE-LAN", "TESTARD", "INCONNUEIX", "DIT", "DU",
    "LE", "DE SA", "N'DIAYE", "ĐẶNG", "ŁUKASZ", "MÜLLER", "ZZOU", "XU", "ANONYMIDES", "ESSAIDI",
)  # fmt: skip
REMARKS_IN_NAMES = (
    "DUPONT EPOUSE MARTIN", "DUPONT épouse MARTIN", "DUPONT ÉPOUSE MARTIN", "DUPONT EPSE MARTIN", "DUPONT VEUVE MARTIN",
    "DUPONT VVE", "MARTIN NÉE DUPONT", "MARTIN nee DUPONT", "DE LA TOUR NEE LE GALL",
)  # fmt: skip

#: The number of a person born in a department, and a commune of birth that may well be true beside it.
BIRTH_PLACES = """
    given: birth_date = 1960-01
    ins_matricule | birth_place_cog | why
    1600101123456 | 01053           | Ain
    1600113123456 | 13055           | Bouches-du-Rhône
    1600129123456 | 29019           | Finistère
    1600159123456 | 59350           | Nord
    1600167123456 | 67482           | Bas-Rhin
    1600190123456 | 90010           | Belfort
    1600175123456 | 75112           | Paris
    1600175123456 | 92050           | in the Seine until 1968
    1600175123456 | 93066           | in the Seine until 1968
    1600178123456 | 95127           | in Seine-et-Oise until 1968
    1600178123456 | 91228           | in Seine-et-Oise until 1968
    1600120123456 | 2A004           | Corsica was one department
    1600120123456 | 2B033           | Corsica was one department
    160012A123456 | 2A004           | and is two
    1600191123456 | 99352           | Algiers
    1600192123456 | 92050           | Oran, or Nanterre
    1600193123456 | 99352           | Constantine
    1600197123456 | 97411           | overseas
    1600199123456 | 99109           | Germany
    1600199123456 | 67482           | Kehl, or Strasbourg
    7600101123456 | 13055           | a number that is awaited
"""


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    tables = {"DIAGNOSIS-025": TWO_CODES, "DIAGNOSIS-028": TWO_ORGANS, "IDENTITY-023": BIRTH_PLACES}
    return disagreements(tables)


def test_two_codes_of_one_place_do_not_contradict_each_other(wrong):
    assert wrong["DIAGNOSIS-025"] == []


def test_two_codes_of_two_organs_do(wrong):
    assert wrong["DIAGNOSIS-028"] == []


def test_a_birth_place_that_history_explains_is_not_accused(wrong):
    assert wrong["IDENTITY-023"] == []


def found(con, entity, name, values, **beside):
    """The rules that each value breaks."""
    examples = {f"n{i}": {name: value, **beside} for i, value in enumerate(values)}
    broken = findings(con, entity, examples)
    return {value: broken[f"n{i}"] for i, value in enumerate(values)}


@pytest.mark.parametrize(
    ("entity", "name", "rule_id"),
    [
        ("tumour", "diagnosis_label", "DIAGNOSIS-023"),
        ("tumour", "topography_label", "DIAGNOSIS-024"),
        ("pathology_review", "expert_label", "PATHOLOGY-007"),
        ("pathology_review", "initial_label", "PATHOLOGY-008"),
    ],
)
def test_words_that_say_nothing_are_told_from_words_that_say_something(con, entity, name, rule_id):
    assert found(con, entity, name, SAYS_SOMETHING) == {words: set() for words in SAYS_SOMETHING}
    assert found(con, entity, name, SAYS_NOTHING) == {words: {rule_id} for words in SAYS_NOTHING}


def test_a_drug_that_says_nothing_is_told_from_a_drug(con):
    systemic = {"treatment_kind": "systemic", "dose_gy": None, "fractions": None}
    assert found(con, "treatment", "drugs", SAYS_SOMETHING, **systemic) == {w: set() for w in SAYS_SOMETHING}
    assert found(con, "treatment", "drugs", SAYS_NOTHING, **systemic) == {
        words: {"TREATMENT-012"} for words in SAYS_NOTHING
    }


def test_a_name_is_told_from_a_name_with_a_remark(con):
    assert found(con, "patient_identity", "birth_name", NAMES) == {name: set() for name in NAMES}
    assert found(con, "patient_identity", "birth_name", REMARKS_IN_NAMES) == {
        name: {"IDENTITY-020"} for name in REMARKS_IN_NAMES
    }


@pytest.mark.parametrize("drug", ["Glivec", "GLIVEC 400 mg", "imatinib", "Imatinib mésylate", "Gleevec"])
def test_imatinib_is_known_by_its_names(con, drug):
    systemic = {"treatment_kind": "systemic", "dose_gy": None, "fractions": None}
    of_sarcoma = found(con, "treatment", "drugs", [drug], **systemic)
    of_gist = found(con, "treatment", "drugs", [drug], **systemic, **{"tumour.morphology_code": "8936/3"})
    assert (of_sarcoma, of_gist) == ({drug: {"TREATMENT-019"}}, {drug: set()})
