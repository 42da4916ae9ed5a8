"""Records as centres really send them, unusual but true: not one rule may speak, or nobody listens to the others."""

import pytest

from tests.rule_cases import disagreements
from validations.contracts.entities import ENTITIES

RECORDS = {
    "patient_identity": """
        ins_matricule   | ins_status | birth_name  | first_names  | sex | birth_date | birth_place_cog | residence_commune | why
        160017512345670 | QUAL       | DUPONT      | JEAN         | M   | 1960-01-15 | 75112           | 75112             | the plain case
        255081416802538 | QUAL       | LE GOFF     | MARIE-PIERRE | F   | 1955-08-10 | 14168           | 29232             | names of several words
        -               | VALI       | D'HAUTERIVE | ANNE         | F   | 1943-07-02 | 13055           | -                 | no number yet
        160012A12345630 | QUAL       | LECA        | ANGE         | M   | 1960-01-31 | 2A004           | 2B033             | born in Corsica
        260019912345651 | QUAL       | BENALI      | FATIMA       | F   | 1960-01-05 | 99352           | 93066             | born abroad
        860017512345611 | QUAL       | OYELARAN    | GRACE        | F   | 1960-01-20 | 99338           | 97302             | awaiting her number
        160997512345686 | QUAL       | DIALLO      | MAMADOU      | M   | 1960       | 99330           | 97411             | only the year is known
        -               | PROV       | X           | -            | U   | 1980       | -               | -                 | arrived in emergency
        -               | -          | DUPONT      | JEAN         | M   | 1960-01    | -               | -                 | an old file: no INS
        -               | RECUP      | MÜLLER-SÁEZ | ZOË          | F   | 2015-02-20 | 67482           | 67482             | a child of three weeks
        -               | -          | NGUYÊN      | THI HOA      | F   | 1912-05-03 | 99243           | 33063             | a hundred and three
    """,  # noqa: E501 - one line per record
    "patient_history": """
        predisposition | has_previous_cancer | has_previous_radiotherapy | why
        none           | false               | false                     | nothing
        -              | false               | -                         | little said
        li_fraumeni    | true                | true                      | the reason of it all
        nf1            | false               | -                         | half said
    """,
    "tumour": """
        morphology_code | topography_code | laterality     | size_mm | depth          | grade | grade_system | diagnosis_date | patient.sex | why
        8850/3          | C49.2           | left           | 80      | deep           | 2     | fnclcc       | 2015-03-10     | M           | liposarcoma of the thigh
        8851/3          | C48.0           | not_applicable | 380     | deep           | 1     | fnclcc       | 2015-03-10     | F           | a very large one of the retroperitoneum
        8936/3          | C16.9           | -              | 45      | not_applicable | -     | -            | 2015-03        | M           | GIST of the stomach, not graded
        8936/1          | C17.9           | -              | 12      | not_applicable | -     | -            | 2015           | F           | GIST of the small bowel
        8890/3          | C54.2           | -              | 110     | -              | 3     | fnclcc       | 2015-03-10     | F           | leiomyosarcoma of the uterus
        9120/3          | C50.9           | right          | 30      | -              | 3     | fnclcc       | 2015-03-10     | F           | radiation angiosarcoma of the breast
        8832/3          | C44.5           | midline        | 15      | superficial    | -     | -            | 2015-03-10     | M           | dermatofibrosarcoma
        9180/3          | C40.2           | left           | 95      | not_applicable | -     | -            | 2015-03-10     | M           | osteosarcoma of the knee
        9260/3          | C41.4           | midline        | 120     | deep           | -     | -            | 2015-03-10     | F           | Ewing of the sacrum
        8821/1          | C49.4           | right          | 200     | superficial    | -     | -            | 2015-03-10     | F           | a desmoid, 20 cm
        8858/3          | C63.1           | right          | 90      | deep           | 3     | fnclcc       | 2015-03-10     | M           | of the spermatic cord
        8805/3          | C49.9           | -              | 60      | -              | 3     | fnclcc       | 2015-03-10     | U           | site not specified
        -               | C49.2           | right          | 3       | superficial    | -     | -            | 2015-03-10     | M           | words only, a small one
        8815/0          | C38.4           | left           | 500     | deep           | -     | -            | 2015-03-10     | M           | a benign one of the pleura
        9040/3          | C49.1           | right          | 60      | both           | 4     | icdo         | 2015-03-10     | M           | a grade of ICD-O
    """,  # noqa: E501 - one line per record
    "biopsy": """
        biopsy_kind | biopsy_date | is_image_guided | tumour.diagnosis_date | tumour.had_biopsy | why
        core        | 2015-03-01  | true            | 2015-03-10            | true              | the plain case
        incisional  | 2015-03     | false           | 2015-03-10            | -                 | known to the month
        excisional  | 2014-11-20  | -               | 2015-03-10            | true              | the sarcoma was a surprise
        fna         | 2013-06-02  | true            | 2015-03-10            | true              | a long story
        core        | 2018-01-15  | true            | 2015-03-10            | true              | of a relapse
        core        | 2015        | -               | 2015                  | true              | known to the year
    """,  # noqa: E501 - one line per record
    "imaging": """
        imaging_date | modality   | imaging_target | tumour.diagnosis_date | why
        2015-02-20   | mri        | primary        | 2015-03-10            | the plain case
        2015-03-10   | ct         | chest          | 2015-03-10            | the same day
        2009-05-02   | ultrasound | primary        | 2015-03-10            | a lump known for years
        2015         | pet        | whole_body     | 2015-03-10            | known to the year
        2015-02      | xray       | primary        | -                     | little said
    """,
    "rcp": """
        rcp_date   | rcp_kind          | rcp_reason | is_trial_proposed | tumour.diagnosis_date | why
        2015-04-01 | sarcoma_network   | treatment  | false             | 2015-03-10            | the plain case
        2015-03-02 | local             | diagnosis  | -                 | 2015-03-10            | before the diagnosis
        2008-03-02 | local             | treatment  | -                 | 2008-02-10            | before the network
        2009       | sarcoma_network   | treatment  | -                 | 2009-12-10            | its first year
        2018-06-15 | molecular         | relapse    | true              | 2015-03-10            | years later
        2015-04    | resos             | -          | -                 | 2015-03-10            | a bone
        2015-02    | diagnostic_advice | diagnosis  | -                 | -                     | an opinion
    """,
    "pathology_review": """
        sampling_date | received_date | expert_date | initial_morphology_code | expert_morphology_code | concordance | tumour.morphology_code | why
        2015-03-10    | 2015-03-20    | 2015-04-02  | 8850/3                  | 8850/3                 | full        |                        | the plain case
        2015-03-10    | 2015-03-10    | 2015-03-10  | 8800/3                  | 8802/3                 | partial     | 8802/3                 | all in one day
        2015-03       | 2015-03-20    | 2015-03-28  | 8850/0                  | 8850/3                 | complete    |                        | a lipoma that was none
        2015          | -             | 2015        | 8850/3                  | 8850/3                 | -           |                        | known to the year
        2015-03-10    | 2015-03-20    | -           | 8850/3                  | -                      | -           | 8800/3                 | not read yet
        2012-06-10    | 2015-03-20    | 2015-04-02  | -                       | 8936/3                 | -           | 8936/3                 | an old block read again
    """,  # noqa: E501 - one line per record
    "surgery": """
        surgery_date | surgery_kind       | surgery_target | surgery_intent | margin | ccam_code | tumour.diagnosis_date | why
        2015-05-04   | resection          | primary        | curative       | R0     | PZFA001   | 2015-03-10            | the plain case
        2015-01-20   | unplanned_excision | primary        | -              | R2     | -         | 2015-03-10            | it was thought a lipoma
        2015-06-10   | re_excision        | primary        | curative       | RX     | -         | 2015-03-10            | no residual found
        2015-02-10   | excisional_biopsy  | primary        | curative       | R1     | -         | 2015-02-18            | it made the diagnosis
        2015-05-04   | resection          | primary        | palliative     | -      | -         | 2015-03-10            | to relieve
        2015-05-04   | amputation         | primary        | curative       | R0     | NZFA002   | 2015-03-10            |
        2019-03-12   | metastasectomy     | metastasis     | curative       | R0     | GFFA013   | 2015-03-10            | of the lung
        2017-09      | resection          | relapse        | curative       | -      | -         | 2015-03-10            | margins of a relapse
        2015-05-09   | complication       | primary        | -              | -      | -         | 2015-03-10            | a haematoma
        2015         | exploratory        | primary        | curative       | R2     | -         | 2015-03-10            | nothing could be removed
    """,  # noqa: E501 - one line per record
    "treatment": """
        treatment_kind | treatment_setting | treatment_start_date | treatment_end_date | dose_gy | fractions | drugs        | cycles | tumour.morphology_code | why
        radiotherapy   | adjuvant          | 2015-07-01           | 2015-08-15         | 66      | 33        | -            | -      |                        | the plain case
        radiotherapy   | neoadjuvant       | 2015-04-01           | 2015-05-08         | 50      | 25        | -            | -      |                        | before surgery
        radiotherapy   | neoadjuvant       | 2015-04-01           | 2015-04-05         | 25      | 5         | -            | -      |                        | a short course
        radiotherapy   | palliative        | 2015-04-01           | 2015-04-01         | 8       | 1         | -            | -      |                        | one fraction
        radiotherapy   | definitive        | 2015-04              | 2015               | 70      | 35        | -            | -      |                        | dates in part
        systemic       | neoadjuvant       | 2015-04-01           | 2015-08-20         | -       | -         | doxorubicine | 6      |                        | chemotherapy
        systemic       | adjuvant          | 2015-07-01           | 2018-07-01         | -       | -         | imatinib     | -      | 8936/3                 | three years
        systemic       | palliative        | 2015                 | -                  | -       | -         | AI           | -      |                        | little said
        ilp            | neoadjuvant       | 2015-04-01           | 2015-04-01         | -       | -         | melphalan    | 1      |                        | a limb perfused
        other          | palliative        | 2015-04-01           | -                  | -       | -         | -            | -      |                        | cryotherapy
    """,  # noqa: E501 - one line per record
    "follow_up": """
        follow_up_event | event_date | disease_status | death_date | patient.vital_status | tumour.diagnosis_date | tumour.extent_at_diagnosis | why
        last_news       | 2023-01-10 | NED            | -          | alive                | 2015-03-10            |                            | the plain case
        last_news       | 2018       | lost           | -          | lost                 | 2015-03-10            |                            | lost
        local_relapse   | 2016-05-02 | AWD            | -          | alive                | 2015-03-10            |                            |
        metastasis      | 2015-03-10 | AWD            | -          | -                    | 2015-03-10            | metastatic                 | found together
        progression     | 2015-03    | DOD            | 2015-03-30 | dead                 | 2015-03-10            |                            | a fast one
        last_news       | 2019-06-01 | DOC            | 2019-06-01 | dead                 | 2015-03-10            |                            | dead that day
        last_news       | -          | DUC            | 2019       | dead                 | 2015-03-10            |                            | only the year of death
        second_cancer   | 2011-03-01 | NED            | -          | alive                | 2015-03-10            |                            | the other came first
        progression     | 2018-01-10 | -              | -          | -                    | -                     |                            | little said
    """,  # noqa: E501 - one line per record
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(RECORDS)


@pytest.mark.parametrize("entity", RECORDS)
def test_a_true_record_breaks_no_rule(wrong, entity):
    assert wrong[entity] == []


def test_every_entity_has_realistic_records():
    assert list(RECORDS) == list(ENTITIES)
