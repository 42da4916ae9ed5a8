"""Age, sex, behaviour and grade against site and morphology, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "AGE-001": """
        given: laterality = -
        found   | topography_code | morphology_code | patient.birth_date | diagnosis_date | why
        AGE-001 | C61.9           | 8850/3          | 2012-01-15         |                | 3 years old
        AGE-001 | C61             | 8850/3          | 2010-03-11         |                | 5 the day after
        AGE-005 | C61.9           | 8850/3          | 2010-03-10         |                | 5 to the day
        AGE-001 | C61.9           | 8850/3          | 2011               |                | 4 at most
        AGE-005 | C61.9           | 8850/3          | 2010               |                | 4 or 5: a minor for certain
        AGE-001 | C61.9           | 8850/3          | 2011-01-02         | 2015           | 4 to the end of the year
        AGE-005 | C61.9           | 8850/3          | 2010-06            | 2015           | 4 or 5
        AGE-101 | C61.9           | 8910/3          | 2012-01-15         |                | said apart
        AGE-001 | C61.9           | 9364/3          | 2012-01-15         |                | an Ewing sarcoma
        AGE-005 | C61.9           | -               | 2012-01-15         |                | it may be a rhabdomyosarcoma
        AGE-005 | C67.9           | 8850/3          | 2012-01-15         |                | the bladder
        AGE-005 DIAGNOSIS-006 | - | 8850/3          | 2012-01-15         |                | no site
        -       | C61.9           | 8850/3          | -                  |                | no birth date
        DIAGNOSIS-008 | C61.9     | 8850/3          | 2012-01-15         | -              | no diagnosis date
        DATE-121 | C61.9          | 8850/3          | 2018-01-15         |                | not born yet
        -       | C61.9           | 8850/3          |                    |                | 55 years old
    """,
    "AGE-002": """
        given: laterality = -
        found         | topography_code | morphology_code | patient.birth_date | patient.sex | why
        AGE-002       | C50.9           | 8850/3          | 1996-01-15         | F           | 19 years old
        AGE-002       | C50             | 8850/3          | 1995-03-11         | M           | 20 the day after
        -             | C50.9           | 8850/3          | 1995-03-10         | F           | 20 to the day
        AGE-002       | C50.9           | 8850/3          | 1996               | F           | 19 at most
        -             | C50.9           | 8850/3          | 1995               | F           | 19 or 20
        AGE-002       | C15.9           | 8850/3          | 1996-01-15         | F           | oesophagus
        AGE-002       | C19.9           | 8850/3          | 1996-01-15         | F           | rectosigmoid
        AGE-002       | C20.9           | 8850/3          | 1996-01-15         | F           | rectum
        AGE-002       | C21.0           | 8850/3          | 1996-01-15         | F           | anus
        AGE-002       | C23.9           | 8850/3          | 1996-01-15         | F           | gallbladder
        AGE-002       | C24.0           | 8850/3          | 1996-01-15         | F           | bile ducts
        AGE-002       | C38.4           | 8850/3          | 1996-01-15         | F           | pleura
        AGE-002       | C53.9           | 8850/3          | 1996-01-15         | F           | cervix
        AGE-002       | C54.9           | 8850/3          | 1996-01-15         | F           | body of the uterus
        AGE-002       | C55.9           | 8850/3          | 1996-01-15         | F           | uterus
        -             | C38.3           | 8850/3          | 1996-01-15         | F           | mediastinum
        -             | C38             | 8850/3          | 1996-01-15         | F           | it may be the mediastinum
        -             | C16.9           | 8850/3          | 1996-01-15         | F           | stomach
        -             | C22.0           | 8850/3          | 1996-01-15         | F           | liver
        -             | C52.9           | 8850/3          | 1996-01-15         | F           | vagina
        -             | C56.9           | 8850/3          | 1996-01-15         | F           | ovary
        AGE-002 AGE-005 | C54.9         | 8850/3          | 2000-01-15         | F           | a minor besides
        AGE-002 AGE-005 | C53.9         | 8850/3          | 2010-03-10         | F           | 5 years old
        AGE-001       | C53.9           | 8850/3          | 2010-03-11         | F           | under 5: said as such
        AGE-102       | C50.9           | 8900/3          | 1996-01-15         | F           | said apart
        -             | C50.9           | -               | 1996-01-15         | F           | it may be such a sarcoma
        -             | C50.9           | 8850/3          | -                  | F           | no birth date
    """,
    "AGE-003": """
        given: laterality = -
        found   | morphology_code | topography_code | patient.birth_date | diagnosis_date | grade | grade_system | why
        AGE-003 AGE-005 | 8960/3  | C64.9           | 2000-03-10         | 2015-03-10     | -     | -            | 15 to the day
        AGE-005 | 8960/3          | C64.9           | 2000-03-11         | 2015-03-10     | -     | -            | 14 for one day more
        AGE-003 | 8960/3          | C64.9           | 1995               | 2015-03-10     | -     | -            | 19 at least
        AGE-003 AGE-005 | 8960/3  | C64.9           | 1999-12            | 2015           | -     | -            | 15 at least
        AGE-005 | 8960/3          | C64.9           | 2000               | 2015-03-10     | -     | -            | 14 or 15
        AGE-003 | 8961/3          | C64.9           |                    |                | -     | -            |
        AGE-003 | 8962/3          | C64.9           |                    |                | -     | -            |
        AGE-003 | 8970/3          | C22.0           |                    |                | -     | -            | hepatoblastoma
        AGE-003 | 8981/3          | C64.9           |                    |                | -     | -            |
        AGE-003 | 8991/3          | C22.0           |                    |                | -     | -            | embryonal sarcoma
        AGE-003 | 9072/3          | C62.9           |                    |                | -     | -            |
        AGE-003 | 9470/3          | C71.6           |                    |                | -     | -            | medulloblastoma
        AGE-003 | 9490/3          | C47.4           |                    |                | -     | -            | ganglioneuroblastoma
        -       | 9490/0          | C47.4           |                    |                | -     | -            | ganglioneuroma: any age
        -       | 9490            | C47.4           |                    |                | -     | -            | one or the other
        AGE-003 | 9500/3          | C74.9           |                    |                | -     | -            | neuroblastoma
        AGE-003 | 9687/3          | C77.0           |                    |                | -     | -            |
        AGE-103 | 8910/3          | C64.9           |                    |                | -     | -            | said apart
        -       | 8963/3          | C64.9           |                    |                | -     | -            | rhabdoid
        -       | 8960/3          | C64.9           | -                  |                | -     | -            | no birth date
        -       | -               | C64.9           |                    |                | -     | -            | no code
    """,  # noqa: E501 - one line per record
    "AGE-004": """
        given: laterality = -
        found   | topography_code | morphology_code | patient.birth_date | diagnosis_date | why
        AGE-004 | C34.9           | 8140/3          | 1996-01-15         |                | 19 years old
        AGE-004 | C34             | 8140/3          | 1995-03-11         |                | 20 the day after
        -       | C34.9           | 8140/3          | 1995-03-10         |                | 20 to the day
        AGE-004 | C18.2           | 8140/3          | 1996               |                | 19 at most
        -       | C18.2           | 8140/3          | 1995               |                | 19 or 20
        -       | C18.2           | 8140/3          | 1995-06            | 2015           | 19 or 20
        AGE-004 | C17.9           | 8140/3          | 1996-01-15         |                | small bowel
        AGE-004 | C33.9           | 8140/3          | 1996-01-15         |                | trachea
        -       | C16.9           | 8140/3          | 1996-01-15         |                | stomach
        -       | C34.9           | 8240/3          | 1996-01-15         |                | a carcinoid
        -       | C18.1           | 8249/3          | 1996-01-15         |                | likewise
        AGE-004 | C17.9           | 8240/3          | 1996-01-15         |                | of the small bowel
        AGE-104 | C17.9           | 8890/3          | 1996-01-15         |                | a sarcoma: said apart
        AGE-104 | C18.9           | 8714/3          | 1996-01-15         |                | so is a malignant PEComa
        -       | C18.9           | 9680/3          | 1996-01-15         |                | a lymphoma
        AGE-004 AGE-005 | C34.9   | 8140/3          | 2000-01-15         |                | a minor besides
        -       | C34.9           | -               | 1996-01-15         |                | no code
        -       | C34.9           | 8140/3          | -                  |                | no birth date
    """,
    "AGE-005": """
        found   | patient.birth_date | diagnosis_date | morphology_code | why
        AGE-005 | 2000-01-15         |                |                 | 15 years old
        AGE-005 | 1997-03-11         |                |                 | 18 the day after
        -       | 1997-03-10         |                |                 | 18 to the day
        AGE-005 | 1998               |                |                 | 17 at most
        -       | 1997               |                |                 | 17 or 18
        AGE-005 | 1997-04            |                |                 | the birthday is to come
        -       | 1997-03            |                |                 | it may be past
        AGE-005 | 1998-01-01         | 2015           |                 | 17 to the end of the year
        -       | 1997-12-31         | 2015           |                 | 18 on its last day
        AGE-005 | 2015-03-10         |                |                 | born that day
        AGE-005 | 2015               |                |                 | not certainly born after
        DATE-121 | 2016              |                |                 | born after: said by the dates
        AGE-005 | 2000-01-15         |                | -               | whatever the morphology
        -       | -                  |                |                 | no birth date
        DIAGNOSIS-008 | 2000-01-15   | -              |                 | no diagnosis date
    """,
    "AGE-101": """
        given: laterality = -
        found   | topography_code | morphology_code | patient.birth_date | patient.sex | why
        AGE-101 | C61.9           | 8900/3          | 2012-01-15         | M           | prostate, 3 years old
        AGE-101 | C53.9           | 8910/3          | 2012-01-15         | F           | cervix
        AGE-101 | C61.9           | 8921/3          | 2010-03-11         | M           | 5 the day after
        AGE-005 | C61.9           | 8900/3          | 2010-03-10         | M           | 5 to the day
        AGE-101 | C61.9           | 8991/3          | 2011               | M           | 4 at most
        AGE-005 | C61.9           | 8900/3          | 2010               | M           | 4 or 5
        AGE-005 | C67.9           | 8900/3          | 2012-01-15         | M           | the bladder
        AGE-001 | C61.9           | 8890/3          | 2012-01-15         | M           | not a rhabdomyosarcoma
        AGE-102 AGE-005 | C53.9   | 8900/3          | 2008-01-15         | F           | 7 years old
        -       | C61.9           | 8900/3          | -                  | M           | no birth date
    """,
    "AGE-102": """
        given: laterality = -
        found   | topography_code | morphology_code | patient.birth_date | patient.sex | why
        AGE-102 | C24.0           | 8900/3          | 1996-01-15         | M           | bile ducts
        AGE-102 | C54.9           | 8825/3          | 1996-01-15         | F           | inflammatory myofibroblastic
        AGE-102 | C50.9           | 9581/3          | 1996-01-15         | F           | alveolar soft part sarcoma
        AGE-102 | C38.4           | 8806/3          | 1996-01-15         | M           | desmoplastic round cell tumour
        AGE-102 | C20.9           | 9364/3          | 1996-01-15         | M           | Ewing
        AGE-102 | C20.9           | 9368/3          | 1996-01-15         | M           | BCOR
        AGE-102 AGE-103 | C24.0   | 8910/3          | 1996-01-15         | M           | embryonal, at 19
        AGE-102 AGE-005 | C24.0   | 8910/3          | 2012-01-15         | M           | a child of 3
        AGE-101 | C53.9           | 8900/3          | 2012-01-15         | F           | under 5: said as such
        AGE-002 | C24.0           | 8890/3          | 1996-01-15         | M           | a leiomyosarcoma
        -       | C24.0           | 8900/3          | 1995-03-10         | M           | 20 to the day
        AGE-102 | C24.0           | 8900/3          | 1996               | M           | 19 at most
        -       | C24.0           | 8900/3          | 1995               | M           | 19 or 20
        -       | C24.0           | 8900/3          | -                  | M           | no birth date
    """,
    "AGE-103": """
        found   | morphology_code | patient.birth_date | diagnosis_date | why
        AGE-103 | 8910/3          |                    |                | 55 years old
        AGE-103 AGE-005 | M89103  | 2000-03-10         | 2015-03-10     | 15 to the day
        AGE-005 | 8910/3          | 2000-03-11         | 2015-03-10     | 14 for one day more
        AGE-103 AGE-005 | 8910/3  | 1999               | 2015-03-10     | 15 at least
        AGE-005 | 8910/3          | 2000               | 2015-03-10     | 14 or 15
        -       | 8912/3          |                    |                | spindle cell: any age
        -       | 8920/3          |                    |                | alveolar
        -       | 8901/3          |                    |                | pleomorphic: of adults
        -       | 8910/3          | -                  |                | no birth date
        -       | -               |                    |                | no code
    """,
    "AGE-104": """
        given: laterality = -
        found   | topography_code | morphology_code | patient.birth_date | why
        AGE-104 | C34.9           | 8890/3          | 1996-01-15         | lung
        AGE-104 | C17.9           | 8890/3          | 1995-03-11         | small bowel, 20 the day after
        -       | C17.9           | 8890/3          | 1995-03-10         | 20 to the day
        AGE-104 | C18.2           | 8890/3          | 1996               | colon, 19 at most
        -       | C18.2           | 8890/3          | 1995               | 19 or 20
        AGE-104 | C34.9           | 8825/3          | 1996-01-15         | inflammatory myofibroblastic
        AGE-104 AGE-005 | C33.9   | 8900/3          | 2012-01-15         | trachea of a child
        AGE-004 | C34.9           | 8140/3          | 1996-01-15         | a carcinoma
        -       | C16.9           | 8890/3          | 1996-01-15         | stomach
        -       | C34.9           | 8890/3          | -                  | no birth date
    """,
    "AGE-105": """
        given: laterality = -, grade = -, grade_system = -, topography_code = C42.1
        found   | morphology_code | patient.birth_date | why
        AGE-105 | 9823/3          | 1994-01-15         | lymphocytic leukaemia, 21 years old
        AGE-105 | 9730/3          | 1989-03-11         | 26 the day after
        -       | 9730/3          | 1989-03-10         | 26 to the day
        AGE-105 | 9890/3          | 1990               | 25 at most
        -       | 9890/3          | 1989               | 25 or 26
        -       | 9680/3          | 1994-01-15         | a lymphoma
        AGE-105 AGE-005 | 9823/3  | 2005-01-15         | a child of ten
        -       | 9823/3          | -                  | no birth date
        -       | -               | 1994-01-15         | no code
    """,
    "SEX-001": """
        given: laterality = -
        found   | morphology_code | patient.sex | topography_code | why
        SEX-001 | 8930/3          | M           | C48.1           | endometrial stromal sarcoma
        SEX-001 | 8931/3          | M           | C48.1           | of low grade
        SEX-001 | 8950/3          | M           | C48.1           | mixed Müllerian
        -       | 8931/3          | F           | C54.1           | a woman
        -       | 8931/3          | U           | C48.1           | sex unknown
        -       | 8931/3          | -           | C48.1           | sex missing
        SITE-007 | 8931/3         | M           | C34.9           | the site is asked about
        -       | 8933/3          | M           | C48.1           | adenosarcoma: also urinary
        -       | 8890/3          | M           | C48.1           | leiomyosarcoma
        -       | -               | M           | C48.1           | no code
    """,
    "BEHAVIOUR-001": """
        given: grade = -, grade_system = -
        found         | morphology_code | diagnosis_label                               | why
        BEHAVIOUR-001 | 8850/3          | tumeur bénigne                                | the code says malignant
        BEHAVIOUR-001 | 8850/3          | SCHWANNOME BENIN                              | without its accent
        BEHAVIOUR-001 | 8850/3          | benign lipomatous tumour                      | in English
        -             | 8850/3          | tumeur maligne                                |
        BEHAVIOUR-001 | 8850/0          | tumeur maligne                                | the code says benign
        BEHAVIOUR-001 | 8850/0          | Schwannome malin                              |
        -             | 8850/0          | lipome bénin                                  |
        -             | 8850/0          | tumeur non maligne                            | a denial
        -             | 8850/0          | absence d'argument pour une lésion maligne    | a denial
        -             | 8850/0          | tumeur à potentiel malin incertain            | a doubt
        -             | 8850/3          | tumeur bénigne ou maligne                     | a doubt
        -             | 8850/3          | tumeur maligne, contingent bénin              | both
        -             | 8850/3          | transformation d'une tumeur bénigne           | a history
        -             | 8850/0          | pas de signe de malignité                     | neither word
        -             | 8850/1          | tumeur maligne                                | intermediate: not certain
        -             | 8850/3          | -                                             | no words
        -             | -               | tumeur bénigne                                | no code
    """,
    "GRADE-001": """
        found         | morphology_code | grade | grade_system | why
        GRADE-001     | 8821/1          | 2     | icdo         | intermediate
        GRADE-001     | 8850/0          | 1     | icdo         | benign
        -             | 8850/3          | 2     | icdo         | malignant
        DIAGNOSIS-012 GRADE-001 | 8850/2 | 2    | icdo         | in situ: said as such besides
        -             | 8850            | 2     | icdo         | behaviour missing
        -             | -               | 2     | icdo         | no code
        -             | 8821/1          | -     | icdo         | no grade
        -             | 8850/0          | 2     | other        | another system
    """,
    "GRADE-002": """
        found     | morphology_code | grade | grade_system | why
        GRADE-002 | 8805/3          | 3     | icdo         |
        GRADE-002 | M88053          | 1     | icdo         |
        -         | 8805/3          | 4     | icdo         | undifferentiated
        -         | 8805/3          | 3     | fnclcc       | another scale
        DIAGNOSIS-021 | 8805/3          | -     | icdo         | no grade
        -         | 8802/3          | 3     | icdo         | another type
        -         | -               | 3     | icdo         | no code
    """,
    "GRADE-003": """
        given: topography_code = C40.2
        found     | morphology_code | grade | grade_system | why
        GRADE-003 | 9187/3          | 2     | icdo         |
        GRADE-003 | 9187/3          | 4     | icdo         |
        -         | 9187/3          | 1     | icdo         | low grade
        -         | 9187/3          | 2     | fnclcc       | another scale
        -         | 9187/3          | -     | icdo         | no grade
        -         | 9180/3          | 4     | icdo         | conventional
        -         | -               | 2     | icdo         | no code
    """,
    "GRADE-004": """
        given: topography_code = C49.2
        found         | morphology_code | grade | grade_system | why
        GRADE-004     | 8850/1          | 1     | fnclcc       | intermediate
        GRADE-004     | 8850/0          | 3     | fnclcc       | benign
        -             | 8850/3          | 1     | fnclcc       | malignant
        DIAGNOSIS-012 | 8850/2          | 1     | fnclcc       | in situ: said as such
        GRADE-005     | 8821/1          | 1     | fnclcc       | desmoid: said as such
        -             | 8832/0          | 1     | fnclcc       | dermatofibroma: perhaps the wrong code
        DIAGNOSIS-011 SITE-001 | 8936/1 | 1     | fnclcc       | GIST: said as such
        -             | 8850            | 1     | fnclcc       | behaviour missing
        -             | 8850/1          | -     | fnclcc       | no grade
        -             | 8850/1          | 1     | other        | another scale
        -             | -               | 1     | fnclcc       | no code
    """,
    "GRADE-005": """
        given: topography_code = C49.2
        found     | morphology_code | morphology_version | grade | grade_system | why
        GRADE-005 | 8821/1          |                    | 1     | fnclcc       | desmoid
        GRADE-005 | 8821            |                    | 1     | fnclcc       | whatever its behaviour
        GRADE-005 | 8832/1          |                    | 1     | fnclcc       | dermatofibrosarcoma
        GRADE-005 | 8833/3          | icdo31             | 1     | fnclcc       | pigmented
        GRADE-005 | 8832/3          | icdo31             | 1     | fnclcc       | before ICD-O-3.2
        GRADE-005 | 8832/3          | icdo30             | 1     | fnclcc       |
        -         | 8832/3          | icdo32             | 2     | fnclcc       | fibrosarcomatous
        DIAGNOSIS-022 | 8832/3          | -                  | 2     | fnclcc       | version missing: perhaps so
        -         | 8832            | icdo31             | 2     | fnclcc       | perhaps a dermatofibroma
        -         | 8821/1          |                    | -     | fnclcc       | no grade
        -         | 8821/1          |                    | 1     | other        | another scale
        -         | 8810/3          |                    | 1     | fnclcc       | fibrosarcoma
        -         | -               |                    | 1     | fnclcc       | no code
    """,
    "MORPHOLOGY-001": """
        found          | diagnosis_label                                | why
        MORPHOLOGY-001 | Histiocytofibrome malin                        |
        MORPHOLOGY-001 | HISTIOCYTOFIBROMES MALINS                      |
        MORPHOLOGY-001 | histiocytome fibreux malin                     |
        MORPHOLOGY-001 | malignant fibrous histiocytoma                 |
        MORPHOLOGY-001 | MFH de la cuisse                               | the initials
        MORPHOLOGY-001 | hémangiopéricytome                             |
        MORPHOLOGY-001 | HEMANGIOPERICYTOME                             | without its accents
        MORPHOLOGY-001 | haemangiopericytoma                            |
        -              | histiocytofibrome                              | the benign one
        -              | tumeur fibreuse solitaire (hémangiopéricytome) | the present name beside
        -              | sarcome indifférencié (ex-MFH)                 | likewise
        -              | liposarcome                                    |
        -              | -                                              | no words
    """,
    "MORPHOLOGY-002": """
        found          | morphology_code | topography_code | laterality | grade | grade_system | why
        MORPHOLOGY-002 | 9150/3          |                 |            |       |              | haemangiopericytoma
        MORPHOLOGY-002 | 9150/1          |                 |            | -     | -            |
        MORPHOLOGY-002 | 8830/3          |                 |            |       |              | of soft tissue
        -              | 8830/3          | C40.2           |            |       |              | of bone: still in use
        -              | 8830/3          | C80.9           | -          |       |              | it may be of bone
        -              | 8830/0          |                 |            | -     | -            | the benign one
        -              | 8830            |                 |            |       |              | behaviour missing
        DIAGNOSIS-006  | 8830/3          | -               |            |       |              | no site
        -              | 8815/3          |                 |            |       |              | the present code
        -              | -               |                 |            |       |              | no code
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
