"""What the tumour is: the form of its codes, its site, grade and size, one table per rule."""

import pytest

from tests.rule_cases import disagreements
from tests.spec.clean_record import findings

CASES = {
    "DIAGNOSIS-001": """
        found         | morphology_code | why
        -             | 8850/3          | as ICD-O writes it
        -             | 88503           | without the stroke
        -             | 8850            | without behaviour
        -             | M8850/3         | with the letter of SNOMED
        -             | M-8850/3        | and a hyphen
        -             | M88503          | and no stroke
        -             | 8850/39         | with a grade
        DIAGNOSIS-011 SITE-001 | 8936/1 | a GIST of uncertain behaviour: well written, but graded, and in a limb
        -             | 8000/3          | the first morphology
        -             | 9992/3          | near the last one
        DIAGNOSIS-001 | 7999/3          | below the first morphology
        DIAGNOSIS-001 | 0885/3          | a digit slipped in front
        DIAGNOSIS-001 | 885/3           | three digits
        DIAGNOSIS-001 | 88500/3         | five digits
        DIAGNOSIS-001 | 8850/4          | no such behaviour
        DIAGNOSIS-001 | 8850/           | the behaviour is cut
        DIAGNOSIS-001 | 8850-3          | another separator
        DIAGNOSIS-001 | mars-00         | a spreadsheet made it a date
        DIAGNOSIS-001 | 01/03/8850      | a spreadsheet made it a date, otherwise
        DIAGNOSIS-001 | 8,85E+03        | a spreadsheet made it a number
        DIAGNOSIS-001 | 8850.0          | a table read it as a number
        DIAGNOSIS-001 | liposarcome     | the words are in the column of the code
        DIAGNOSIS-001 | C49.2           | the site is in the column of the histology
        -             | -               | no code: the words may do
    """,
    "DIAGNOSIS-002": """
        found         | topography_code | why
        -             | C49.2           | as ICD-O writes it
        -             | C492            | without the point
        -             | c492            | in lower case
        -             | C49             | three characters
        -             | C80.9           | unknown primary site
        -             | C00.0           | the first site
        DIAGNOSIS-002 | 49.2            | the letter is lost
        DIAGNOSIS-002 | C4              | cut
        DIAGNOSIS-002 | C49.            | the decimal is cut
        DIAGNOSIS-002 | C49.22          | a decimal too many
        DIAGNOSIS-002 | C49,2           | a French decimal mark
        DIAGNOSIS-002 | D21.2           | an ICD-10 code of a benign tumour
        DIAGNOSIS-002 | cuisse          | the words are in the column of the code
        DIAGNOSIS-006 | -               | no code and no words either
    """,
    "DIAGNOSIS-003": """
        found         | icd10_code | why
        -             | C49.2      | four characters
        -             | C492       | without the point
        -             | c49        | three characters, lower case
        -             | D48.1      | uncertain behaviour
        -             | Z51.00     | two decimals
        -             | M90.7*     | an asterisk code
        -             | D63.0+     | a dagger code
        DIAGNOSIS-003 | 492        | the letter is lost
        DIAGNOSIS-003 | C4         | cut
        DIAGNOSIS-003 | CC9.2      | two letters
        DIAGNOSIS-003 | C49.2345   | four decimals
        DIAGNOSIS-003 | C49,2      | a French decimal mark
        DIAGNOSIS-003 | 8850/3     | a morphology
        -             | -          | no code
    """,
    "DIAGNOSIS-004": """
        found         | adicap_code  | why
        -             | BHTSL7A0     | four letters, four of the lesion
        -             | bhtsl7a0     | in lower case
        -             | OHTSE4600001 | with a complement
        DIAGNOSIS-028 | PHOSS0A0     | a bone
        DIAGNOSIS-004 | BHTS         | the lesion is missing
        DIAGNOSIS-004 | BHTSL7A      | seven characters
        DIAGNOSIS-004 | BH3SL7A0     | a digit among the letters
        DIAGNOSIS-004 | L7A0         | the lesion alone
        DIAGNOSIS-004 | 8850/3       | a morphology
        DIAGNOSIS-004 | BHTS L7A0    | a space within
        -             | -            | no code
    """,
    "DIAGNOSIS-005": """
        found         | morphology_code | adicap_code | diagnosis_label | why
        DIAGNOSIS-005 | -               | -           | -               | nothing said
        -             | 8850/3          | -           | -               | a morphology alone
        -             | -               | BHTSL7A0    | -               | an ADICAP alone
        -             | -               | -           | liposarcome     | words alone
        -             |                 |             |                 | everything said
    """,
    "DIAGNOSIS-006": """
        found         | topography_code | topography_label | why
        DIAGNOSIS-006 | -               | -                | nothing said
        -             | C49.2           | -                | a code alone
        -             | -               | cuisse           | words alone
        -             | C49.2           | cuisse           | both
    """,
    "DIAGNOSIS-007": """
        given: laterality = -
        found         | patient.sex | topography_code | why
        DIAGNOSIS-007 | M           | C51.9           | vulva
        DIAGNOSIS-007 | M           | C54.2           | myometrium
        DIAGNOSIS-007 | M           | c569            | ovary, in lower case
        DIAGNOSIS-007 | M           | C58             | placenta
        -             | M           | C50.9           | a man has a breast
        -             | M           | C59             | no such site, but not a female one
        DIAGNOSIS-007 | F           | C60.9           | penis
        DIAGNOSIS-007 | F           | C61.9           | prostate
        DIAGNOSIS-007 | F           | C63.2           | scrotum
        -             | F           | C64.9           | kidney
        -             | F           | C54.2           | myometrium
        -             | M           | C62.9           | testis
        -             | U           | C54.2           | sex unknown
        -             | -           | C54.2           | sex missing
        DIAGNOSIS-006 | M           | -               | no site
        DIAGNOSIS-002 | M           | 54.2            | an unreadable site is not judged
    """,
    "DIAGNOSIS-008": """
        found         | diagnosis_date | why
        DIAGNOSIS-008 | -              | unknown
        -             | 2015           | the year is enough
        -             | 2015-03        | the month too
        -             | 2015-03-10     |
    """,
    "DIAGNOSIS-009": """
        found         | grade | grade_system | why
        -             | 1     | fnclcc       | the lowest
        -             | 3     | fnclcc       | the highest
        DIAGNOSIS-009 | 4     | fnclcc       | one above: an ICD-O grade under the wrong name
        -             | 4     | icdo         | ICD-O goes to 4
        -             | 4     | other        | another scale
        DIAGNOSIS-010 | 4     | -            | no system: asked about as such
        -             | -     | fnclcc       | no grade
        CONTRACT-002  | 5     | fnclcc       | out of the contract: held before
        CONTRACT-002  | 0     | fnclcc       | out of the contract: held before
    """,
    "DIAGNOSIS-010": """
        found         | grade | grade_system | why
        DIAGNOSIS-010 | 2     | -            | a grade of what
        DIAGNOSIS-010 | 1     | -            |
        -             | 2     | fnclcc       | said
        -             | 2     | other        | said
        -             | -     | -            | not graded
        -             | -     | fnclcc       | a system without grade says nothing wrong
        CONTRACT-003  | 2     | FNCLCC       | a word that is not in the list is held, not missing
    """,
    "DIAGNOSIS-011": """
        given: topography_code = C16.9, laterality = not_applicable
        found         | morphology_code | grade | grade_system | why
        DIAGNOSIS-011 | 8936/3          | 2     | fnclcc       | a GIST
        DIAGNOSIS-011 | 8936/1          | 1     | fnclcc       | of uncertain behaviour
        DIAGNOSIS-011 | M89363          | 2     | fnclcc       | written with a letter
        DIAGNOSIS-011 | 8936            | 2     | fnclcc       | without behaviour
        SITE-011      | 8935/3          | 2     | fnclcc       | the code before, unlikely there
        -             | 8940/3          | 2     | fnclcc       | the code after
        -             | 8936/3          | 2     | other        | mitotic classes of the GIST
        DIAGNOSIS-010 | 8936/3          | 2     | -            | no system
        -             | 8936/3          | -     | fnclcc       | no grade
        -             | -               | 2     | fnclcc       | no code
        DIAGNOSIS-009 DIAGNOSIS-011 | 8936/3 | 4 | fnclcc     | two things wrong are two findings
    """,
    "DIAGNOSIS-012": """
        given: grade = -, grade_system = -
        found         | morphology_code | why
        DIAGNOSIS-012 | 8850/6          | a metastasis
        DIAGNOSIS-012 | 8500/2          | in situ
        DIAGNOSIS-012 | 88506           | a metastasis, without stroke
        DIAGNOSIS-012 | M8850/6         | a metastasis, with a letter
        -             | 8850/3          | malignant
        -             | 8850/1          | uncertain
        -             | 8850/0          | benign
        -             | 8850            | no behaviour
        -             | 8822/3          | a 2 elsewhere
        -             | 8660/3          | a 6 elsewhere
        -             | 8850/32         | a grade 2
        -             | -               | no code
    """,
    "DIAGNOSIS-013": """
        found         | size_mm | why
        DIAGNOSIS-013 | 2.9     | just under 3 mm
        -             | 3       | the lower limit
        -             | 3.1     | just above
        -             | 80      |
        -             | 499.9   | just under 500 mm
        -             | 500     | the upper limit
        DIAGNOSIS-013 | 500.1   | just above
        DIAGNOSIS-013 | 0.8     | 8 cm written in decimetres
        DIAGNOSIS-013 | 800     | 80 mm times ten
        DIAGNOSIS-013 | 1000    | the last value of the contract
        CONTRACT-002  | 1000.1  | held before
        DIAGNOSIS-013 | 0.3     | the first value of the contract
        CONTRACT-002  | 0.29    | held before
        CONTRACT-002  | -80     | held before
        DIAGNOSIS-018 | -       | not measured
    """,
    "DIAGNOSIS-014": """
        found         | depth          | size_mm | why
        DIAGNOSIS-014 | superficial    | 200.1   | just above 20 cm
        -             | superficial    | 200     | the limit
        -             | superficial    | 199.9   | just under
        -             | deep           | 200.1   | deep tumours grow
        -             | both           | 350     | on both sides of the fascia
        -             | not_applicable | 350     | a viscus
        DIAGNOSIS-019 | -              | 350     | depth missing
        DIAGNOSIS-018 | superficial    | -       | size missing
        DIAGNOSIS-014 DIAGNOSIS-013 | superficial | 600 | 60 mm times ten
    """,
    "DIAGNOSIS-015": """
        given: patient.sex = U
        found         | topography_code | laterality     | why
        DIAGNOSIS-015 | C15.9           | left           | oesophagus
        DIAGNOSIS-015 | C16.9           | right          | stomach
        DIAGNOSIS-015 | C19.9           | left           | rectosigmoid
        DIAGNOSIS-015 | C20.9           | left           | rectum
        DIAGNOSIS-015 | C53.9           | left           | cervix
        DIAGNOSIS-015 | c549            | right          | corpus, in lower case
        DIAGNOSIS-015 | C55.9           | right          | uterus
        DIAGNOSIS-015 | C61.9           | right          | prostate
        -             | C14.8           | left           | the site before
        -             | C21.0           | left           | the site after
        -             | C56.9           | left           | an ovary has a side
        -             | C62.1           | left           | a testis too
        -             | C49.2           | left           | a thigh
        -             | C16.9           | midline        | no side
        -             | C16.9           | bilateral      | no side
        -             | C16.9           | not_applicable |
        -             | C16.9           | -              | side missing
        DIAGNOSIS-006 | -               | left           | site missing
    """,
    "DIAGNOSIS-016": """
        found         | topography_code | laterality | why
        DIAGNOSIS-016 | C40.0           | -          | long bones of the arm
        DIAGNOSIS-016 | C40.3           | -          | short bones of the leg
        DIAGNOSIS-016 | C49.1           | -          | soft tissue of the arm
        DIAGNOSIS-016 | C49.2           | -          | soft tissue of the leg
        DIAGNOSIS-016 | c492            | -          | without point, in lower case
        -             | C40.8           | -          | overlapping
        -             | C40.9           | -          | limb not specified
        -             | C49.0           | -          | head and neck
        -             | C49.3           | -          | thorax
        -             | C41.2           | -          | spine
        -             | C49             | -          | not detailed
        DIAGNOSIS-006 | -               | -          | site missing
        -             | C49.2           | right      | the side is said
    """,
    "DIAGNOSIS-017": """
        found         | morphology_code | why
        DIAGNOSIS-017 | 8800/3          | sarcoma, not otherwise specified
        DIAGNOSIS-017 | 88003           | without stroke
        DIAGNOSIS-017 | M8800/3         | with a letter
        DIAGNOSIS-017 | 8800            | without behaviour
        -             | 8801/3          | spindle cell
        -             | 8805/3          | undifferentiated is a diagnosis
        -             | 8850/3          | liposarcoma
        -             | 8890/3          |
        -             | -               | no code
        DIAGNOSIS-012 DIAGNOSIS-017 | 8800/6 | a metastasis of an unspecified sarcoma
    """,
    "DIAGNOSIS-018": """
        found         | size_mm | entry_reason | why
        DIAGNOSIS-018 | -       | primary      | a primary is measured
        -             | 80      | primary      |
        -             | -       | relapse      | the primary was elsewhere
        -             | -       | opinion      | an opinion only
        -             | -       | -            | nobody knows why it is here
        CONTRACT-002  | 1000.1  | primary      | a size that is held is not missing
    """,
    "DIAGNOSIS-019": """
        given: laterality = left
        found         | topography_code | entry_reason | depth | why
        DIAGNOSIS-019 | C49.1           | primary      | -     | an arm
        DIAGNOSIS-019 | C49.2           | primary      | -     | a leg
        DIAGNOSIS-019 | C49.6           | primary      | -     | the trunk
        DIAGNOSIS-019 | C47.2           | primary      | -     | a nerve of the leg
        -             | C49.0           | primary      | -     | head and neck
        -             | C48.0           | primary      | -     | always deep
        -             | C40.2           | primary      | -     | a bone
        -             | C49             | primary      | -     | not detailed
        -             | C49.2           | relapse      | -     |
        DIAGNOSIS-006 | -               | primary      | -     | site missing: said as such
        -             |                 | -            | -     | reason missing
        -             | C49.2           | primary      | deep | said
    """,
    "DIAGNOSIS-020": """
        found         | extent_at_diagnosis | entry_reason | why
        DIAGNOSIS-020 | -                   | primary      | a primary is staged
        -             | localised           | primary      |
        -             | metastatic          | primary      |
        -             | -                   | relapse      |
        -             | -                   | -            | nobody knows why it is here
        CONTRACT-003  | M0                  | primary      | a word out of the list is held, not missing
    """,
    "DIAGNOSIS-021": """
        given: grade_system = -
        found         | morphology_code | entry_reason | grade | why
        DIAGNOSIS-021 | 8858/3          | primary      | -     | dedifferentiated liposarcoma
        DIAGNOSIS-021 | M88903          | primary      | -     | leiomyosarcoma
        DIAGNOSIS-021 | 8802/3          | primary      | -     | undifferentiated pleomorphic
        -             | 8850/3          | primary      | -     | liposarcoma of no stated type
        -             | 8858/1          | primary      | -     | no such tumour, but not a malignant one
        -             | 8858            | primary      | -     | behaviour missing
        -             | 8832/3          | primary      | -     | Darier is not graded
        AGE-103       | 8910/3          | primary      | -     | a rhabdomyosarcoma of children neither
        -             | 8858/3          | opinion      | -     |
        -             | -               | primary      | -     | words only
        DIAGNOSIS-010 | 8858/3          | primary      | 2     | graded, in a system not said
    """,
    "DIAGNOSIS-022": """
        found         | morphology_version | morphology_code | why
        DIAGNOSIS-022 | -                  | 8850/3          | a code of which version
        -             | icdo32             | 8850/3          |
        -             | icdo30             | 8850/3          | an old one, but said
        -             | -                  | -               | words only
    """,
    "DIAGNOSIS-023": """
        found         | diagnosis_label       | why
        DIAGNOSIS-023 | autre                 |
        DIAGNOSIS-023 | Inconnu               | whatever the case
        DIAGNOSIS-023 | NON PRÉCISÉ           | with accents
        DIAGNOSIS-023 | ?                     | a sign
        DIAGNOSIS-023 | --                    | two signs
        DIAGNOSIS-023 | 8850                  | digits are no words
        DIAGNOSIS-023 | NR                    |
        DIAGNOSIS-023 | " n/a "               | with spaces
        -             | liposarcome           |
        -             | autre tumeur fibreuse | says something
        -             | sarcome NC1           |
        -             | -                     | no words
    """,
    "DIAGNOSIS-024": """
        found         | topography_label | why
        DIAGNOSIS-024 | autres           |
        DIAGNOSIS-024 | Non renseigné    |
        DIAGNOSIS-024 | ...              |
        -             | cuisse           |
        -             | autre main       | says something
        -             | -                | no words
    """,
    "DIAGNOSIS-025": """
        given: laterality = not_applicable, patient.sex = U, morphology_code = 8890/3
        found         | icd10_code | topography_code | why
        DIAGNOSIS-025 | C34.9      | C49.2           | a lung and a thigh
        DIAGNOSIS-025 | c541       | C16.9           | a uterus and a stomach, without point
        DIAGNOSIS-025 | C40.2      | C49.2           | a bone and soft tissue
        DIAGNOSIS-025 | C71.9      | C64.9           | a brain and a kidney
        -             | C54.9      | C55.9           | both uterus
        -             | C18.9      | C20.9           | both large bowel
        -             | C49.9      | C54.2           | a sarcoma of an organ coded as of soft tissue
        -             | C48.0      | C49.4           | behind and within the wall
        -             | C44.5      | C50.9           | the skin of the breast
        -             | C50.9      | C49.3           | the wall of the chest under it
        -             | C80        | C49.2           | unknown in ICD-10
        -             | C34.9      | C80.9           | unknown in ICD-O
        -             | D48.1      | C49.2           | uncertain behaviour: no organ
        -             | C79.5      | C49.2           | a secondary
        -             | -          | C49.2           | no ICD-10
        DIAGNOSIS-006 | C34.9      | -               | no topography
    """,
    "DIAGNOSIS-026": """
        found         | laterality | topography_code | why
        DIAGNOSIS-026 | bilateral  | C49.2           | two legs, two tumours
        DIAGNOSIS-026 | midline    | C49.1           | an arm is not in the middle
        DIAGNOSIS-026 | bilateral  | C47.2           | nerves of both legs
        -             | bilateral  | C49.4           | the abdomen
        -             | midline    | C49.6           | the trunk
        -             | left       | C49.2           |
        -             | not_applicable | C49.2       |
        DIAGNOSIS-016 | -          | C49.2           | side missing: said as such
        DIAGNOSIS-006 | bilateral  | -               | site missing
    """,
    "DIAGNOSIS-027": """
        given: laterality = -, patient.sex = U
        found         | topography_code | depth | why
        DIAGNOSIS-027 | C48.0           | superficial | the retroperitoneum
        DIAGNOSIS-027 | C16.9           | superficial | the stomach
        DIAGNOSIS-027 | C34.9           | superficial | a lung
        DIAGNOSIS-027 | C54.2           | superficial | the uterus
        -             | C49.4           | superficial | the wall of the abdomen
        -             | C44.5           | superficial | the skin
        -             | C50.9           | superficial | a breast
        -             | C51.9           | superficial | the vulva is skin
        -             | C63.1           | superficial | the spermatic cord
        DIAGNOSIS-006 | -               | superficial | site missing
        -             | C48.0           | deep        | as it always is
        -             | C48.0           | -           | depth missing
    """,
    "DIAGNOSIS-028": """
        found         | adicap_code  | morphology_code | why
        DIAGNOSIS-028 | BHTSL0A0     | 8850/3          | benign and malignant
        DIAGNOSIS-028 GRADE-004 | bhtsl7a0 | 8850/0    | malignant and benign
        -             | BHTSL7A0     | 8850/3          | both malignant
        GRADE-004     | BHTSL0A0     | 8850/0          | both benign: but graded
        -             | BHTSL4A0     | 8850/3          | uncertain is not judged
        GRADE-005     | BHTSL7A0     | 8821/1          | nor here
        -             | BHTSL0A0     | 8850            | behaviour missing
        -             | BHTSL0A0     | -               | no morphology
        -             | -            | 8850/3          | no ADICAP
        DIAGNOSIS-004 | BHTS         | 8850/3          | a code that is cut says nothing
    """,
    "DIAGNOSIS-029": """
        found         | diagnosis_label                   | why
        DIAGNOSIS-029 | lipo%arcome                       | % for s
        DIAGNOSIS-029 | LÉIO@MYOSARCOME                   | whatever the case
        DIAGNOSIS-029 | sarcome_fusiforme                 | not a space
        -             | liposarcome                       |
        -             | liposarcome, 50% de cellules      | a share
        -             | tumeur fibreuse/solitaire         | one or the other
        -             | sarcome d'Ewing, t(11;22)         | signs that words have
        -             | liposarcome bien différencié +    | at the end
        -             | -                                 | no words
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []


@pytest.mark.parametrize(
    ("morphology", "rules"),
    [
        ("8850/3", {"-"}),
        ("8800/3", {"DIAGNOSIS-017"}),
        ("8850/6", {"DIAGNOSIS-012"}),
        ("8936/3", {"DIAGNOSIS-011", "SITE-001"}),
        ("mars-00", {"DIAGNOSIS-001"}),
    ],
)
def test_each_way_of_writing_a_code_is_judged_alike(con, morphology, rules):
    written = {morphology, f"M{morphology}", f"M-{morphology}", morphology.replace("/", "")}
    examples = {f"n{i}": {"morphology_code": code} for i, code in enumerate(sorted(written))}
    assert findings(con, "tumour", examples) == {name: rules - {"-"} for name in examples}
