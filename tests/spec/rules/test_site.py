"""Sites unlikely for a morphology: one table per rule, and the pairs that a sarcoma network sees every day."""

import pytest

from tests.rule_cases import cases, disagreements
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Severity

CASES = {
    "SITE-001": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-001      | 8936/3          | C49.2           | the soft tissue of a thigh
        SITE-001      | M89363          | c220            | the liver, in another form
        SITE-001      | 89361           | C76.1           | the thorax
        -             | 8936/3          | C16.9           | the stomach
        -             | 8936/3          | C21.8           | the anorectal junction
        -             | 8936/3          | C26.9           | digestive tract without more
        -             | 8936/3          | C76             | one of its subsites is the abdomen
        -             | 8936/3          | C80.9           | unknown primary site
        SITE-102      | 8936/3          | C48.1           | said to be confirmed
        SITE-011      | 8935/3          | C15.9           | of another family
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 8936/3          | -               | site missing: another rule asks for it
    """,
    "SITE-002": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-002      | 9365/3          | C64.9           | the kidney
        SITE-002      | 9365/3          | C76.3           | the pelvis
        -             | 9365/3          | C49.3           | the chest wall
        -             | 9365/3          | C38.4           | the pleura
        -             | 9365/3          | C34.1           | the lung
        -             | 9365/3          | C41.3           | a rib
        -             | 9365/3          | C76             | one of its subsites is the thorax
        -             | 9366/3          | C64.9           | a code of WHO 2020, in no family
        -             | -               | C64.9           | morphology missing
        DIAGNOSIS-006 | 9365/3          | -               | site missing: another rule asks for it
    """,
    "SITE-003": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-003      | 9261/3          | C49.2           | soft tissue
        SITE-003      | 9261/3          | C40.1           | a short bone
        SITE-003      | 9261/3          | C41.0           | the skull
        -             | 9261/3          | C40.2           | the tibia
        -             | 9261/3          | C40             | a long bone is not excluded
        -             | 9261/3          | C80.9           | unknown primary site
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 9261/3          | -               | site missing: another rule asks for it
    """,
    "SITE-004": """
        given: laterality = not_applicable, patient.sex = U, grade_system = other
        found         | morphology_code | topography_code | why
        SITE-004      | 9250/1          | C49.2           | soft tissue
        SITE-004      | 9193/3          | C49.2           | a periosteal one
        SITE-004      | M91803          | c349            | the lung
        SITE-004      | 8812/3          | C49.2           | periosteal fibrosarcoma
        -             | 9180/3          | C40.2           | the femur
        -             | M91803          | c402            | in another form
        -             | 9180/3          | C41             | the subsite is not given
        -             | 9186/3          | C40             | likewise
        SITE-101      | 9180/3          | C49.2           | said to be confirmed
        -             | 8811/3          | C49.2           | the code before
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 9250/1          | -               | site missing: another rule asks for it
    """,
    "SITE-005": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-005      | 8832/3          | C48.0           | the retroperitoneum
        SITE-005 GRADE-005 | 8833/3     | C34.9           | the lung
        SITE-005      | 8832/3          | C63.1           | the spermatic cord
        -             | 8832/3          | C44.7           | the skin
        GRADE-005     | 8832/1          | C49.2           | subcutaneous
        -             | 8832/3          | C50.9           | the skin of the breast
        -             | 8832/3          | C63             | one of its subsites is the scrotum
        -             | 8832/3          | C76.1           | the trunk
        -             | -               | C48.0           | morphology missing
        DIAGNOSIS-006 | 8832/3          | -               | site missing: another rule asks for it
    """,
    "SITE-006": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-006      | 8905/0          | C49.2           | soft tissue
        SITE-006      | 8905/0          | C57.0           | the tube
        -             | 8905/0          | C52.9           | the vagina
        -             | 8905/0          | C51             | the subsite is not given
        -             | 8905/0          | C57             | one of its subsites is accepted
        -             | 8904/0          | C49.2           | an adult rhabdomyoma
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 8905/0          | -               | site missing: another rule asks for it
    """,
    "SITE-007": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-007      | 8930/3          | C49.2           | soft tissue
        SITE-007      | 8931/3          | C34.9           | the lung
        SITE-007      | 8931/3          | C76.1           | the thorax
        -             | 8930/3          | C54.1           | the endometrium
        -             | 8930/3          | C56.9           | the ovary
        -             | 8931/3          | C48.1           | the peritoneum
        -             | 8931/3          | C49.5           | the pelvis
        -             | 8930/3          | C49             | the subsite is not given
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 8930/3          | -               | site missing: another rule asks for it
    """,
    "SITE-008": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-008      | 8950/3          | C49.2           | soft tissue
        SITE-008      | 8951/3          | C34.9           | the lung
        SITE-008      | 8934/3          | C50.9           | the breast
        -             | 8950/3          | C54.1           | the endometrium
        -             | 8951/3          | C49.5           | the pelvis
        -             | 8951/3          | C49             | one of its subsites is accepted
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 8950/3          | -               | site missing: another rule asks for it
    """,
    "SITE-009": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-009      | 9121/0          | C64.9           | the kidney
        SITE-009      | 9131/0          | C22.0           | the liver
        SITE-009      | 9122/0          | C75.0           | the parathyroid
        -             | 9121/0          | C71.9           | the brain
        -             | 9123/0          | C75.3           | the pineal gland
        -             | 9121/0          | C75             | one of its subsites is accepted
        -             | 9121/0          | C41.2           | a vertebra
        -             | 9131/0          | C44.3           | the skin
        -             | 9120/3          | C22.0           | an angiosarcoma
        -             | -               | C64.9           | morphology missing
        DIAGNOSIS-006 | 9121/0          | -               | site missing: another rule asks for it
    """,
    "SITE-010": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-010      | 8933/3          | C49.2           | soft tissue
        SITE-010      | 8932/0          | C34.9           | the lung
        -             | 8933/3          | C54.1           | the endometrium
        -             | 8933/3          | C48.2           | the peritoneum
        -             | 8933/3          | C67.9           | the bladder
        -             | 8933/3          | C76             | one of its subsites is the pelvis
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 8933/3          | -               | site missing: another rule asks for it
    """,
    "SITE-011": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-011      | 8935/3          | C49.2           | soft tissue
        SITE-011      | 8935/1          | C34.9           | the lung
        -             | 8935/3          | C50.9           | the breast
        -             | 8935/3          | C61.9           | the prostate
        -             | 8935/3          | C55             | the uterus
        -             | 8935/3          | C80             | unknown primary site
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 8935/3          | -               | site missing: another rule asks for it
    """,
    "SITE-012": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-012      | 9252/3          | C34.9           | the lung
        SITE-012      | 9251/3          | C48.0           | the retroperitoneum
        SITE-012      | 9260/3          | C77.4           | a lymph node
        SITE-012      | 9040/3          | C42.1           | the bone marrow
        -             | 9252/3          | C49.2           | soft tissue
        -             | 9260/3          | C41.4           | bone
        -             | 9044/3          | C49             | the subsite is not given
        SITE-103      | 9260/3          | C64.9           | said to be confirmed
        -             | 9045/3          | C77.4           | a code of WHO 2020, in no family
        -             | -               | C34.9           | morphology missing
        DIAGNOSIS-006 | 9252/3          | -               | site missing: another rule asks for it
    """,
    "SITE-013": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-013      | 9220/3          | C64.9           | the kidney
        SITE-013      | 9222/3          | C34.9           | the lung
        SITE-013      | 9221/0          | C30.1           | the middle ear
        SITE-013      | 9231/3          | C71.9           | myxoid, the brain
        SITE-013      | 9220/3          | C48.0           | retroperitoneum
        -             | 9220/3          | C40.2           | bone
        -             | 9222/3          | C41.4           | a code of WHO 2020
        -             | 9231/3          | C49.2           | extraskeletal myxoid
        -             | 9240/3          | C70.0           | mesenchymal, the meninges
        -             | 9231/3          | C48.0           | myxoid, the retroperitoneum
        -             | 9220/3          | C32.3           | the larynx
        -             | 9220/3          | C32             | one of its subsites is cartilage
        -             | 9220/3          | C30.0           | the nose
        -             | -               | C64.9           | morphology missing
        DIAGNOSIS-006 | 9220/3          | -               | site missing: another rule asks for it
    """,
    "SITE-014": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-014      | 9370/3          | C64.9           | the kidney
        SITE-014      | 9372/3          | C34.9           | the lung
        -             | 9370/3          | C41.4           | the sacrum
        -             | 9371/3          | C41             | the subsite is not given
        -             | 9370/3          | C72.0           | the spinal cord
        -             | 9373/0          | C49.2           | soft tissue
        -             | 9368/3          | C64.9           | a code of WHO 2020, in no family
        -             | -               | C64.9           | morphology missing
        DIAGNOSIS-006 | 9370/3          | -               | site missing: another rule asks for it
    """,
    "SITE-015": """
        given: laterality = not_applicable, patient.sex = U, grade_system = other
        found         | morphology_code | topography_code | why
        SITE-015      | 9540/3          | C64.9           | the kidney
        SITE-015      | 9542/3          | C22.0           | a code of WHO 2020, in its family
        SITE-015      | 9560/0          | C39.0           | the upper airways
        -             | 9540/3          | C47.2           | a nerve
        -             | 9542/3          | C49.2           | soft tissue
        -             | 9540/3          | C44.7           | the skin
        -             | 9540/3          | C76.3           | the pelvis
        -             | 9540/3          | C39             | one of its subsites is the thorax
        -             | 9580/3          | C64.9           | of another family
        -             | -               | C64.9           | morphology missing
        DIAGNOSIS-006 | 9540/3          | -               | site missing: another rule asks for it
    """,
    "SITE-016": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-016      | 8805/3          | C77.4           | a lymph node
        SITE-016      | 9120/3          | C42.1           | the bone marrow
        SITE-016      | 8804/3          | C77             | the subsite is not given
        -             | 9120/3          | C42.2           | the spleen
        -             | 9120/3          | C42             | the spleen is not excluded
        -             | 9133/3          | C22.0           | the liver
        -             | 9138/3          | C77.4           | a code of WHO 2020, in no family
        -             | 9137/3          | C77.4           | likewise
        -             | -               | C77.4           | morphology missing
        DIAGNOSIS-006 | 8805/3          | -               | site missing: another rule asks for it
    """,
    "SITE-017": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-017      | 8802/3          | C77.4           | a lymph node
        SITE-017      | 88023           | c421            | the bone marrow
        -             | 8802/3          | C42.2           | the spleen
        -             | 8802/3          | C42             | the spleen is not excluded
        -             | 8802/3          | C49.2           | soft tissue
        SITE-104      | 8802/3          | C41.2           | said to be confirmed
        -             | -               | C77.4           | morphology missing
        DIAGNOSIS-006 | 8802/3          | -               | site missing: another rule asks for it
    """,
    "SITE-018": """
        given: laterality = not_applicable, patient.sex = U, grade_system = other
        found         | morphology_code | topography_code | why
        SITE-018      | 8850/3          | C71.9           | the brain
        SITE-018      | 8890/3          | C77.4           | a lymph node
        SITE-018 AGE-103 | 8910/3       | C77.0           | likewise
        SITE-018      | 8859/3          | C72.0           | a code of WHO 2020, in its family
        SITE-018      | 8811/3          | C42.3           | the organs of immunity
        -             | 8815/3          | C70.0           | solitary fibrous tumour of the meninges
        AGE-103       | 8910/3          | C71.9           | rhabdomyosarcoma of the brain
        -             | 8850/3          | C42             | the spleen is not excluded
        -             | 8890/3          | C54.2           | the uterus
        -             | 8714/3          | C77.4           | a code of WHO 2020, in no family
        -             | 8831/0          | C71.9           | left out by the reference
        -             | -               | C71.9           | morphology missing
        DIAGNOSIS-006 | 8850/3          | -               | site missing: another rule asks for it
    """,
    "SITE-019": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-019      | 9140/3          | C64.9           | the kidney
        SITE-019      | M91403          | c40             | bone, the subsite is not given
        SITE-019      | 9140/3          | C71.9           | the brain
        -             | 9140/3          | C44.7           | the skin
        -             | 9140/3          | C16.9           | the stomach
        -             | 9140/3          | C77.4           | a lymph node
        -             | 9140/3          | C34.9           | the lung
        -             | -               | C64.9           | morphology missing
        DIAGNOSIS-006 | 9140/3          | -               | site missing: another rule asks for it
    """,
    "SITE-101": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-101      | 9180/3          | C49.2           | soft tissue
        SITE-101      | M91803          | c480            | the retroperitoneum
        SITE-101      | 9180/3          | C50.9           | the breast
        SITE-101      | 9180/3          | C49             | the subsite is not given
        -             | 9180/3          | C40.2           | bone
        SITE-004      | 9181/3          | C49.2           | a variant, which is of bone
        -             | 9180/3          | C80.9           | unknown primary site
        -             | -               | C49.2           | morphology missing
        DIAGNOSIS-006 | 9180/3          | -               | site missing: another rule asks for it
    """,
    "SITE-102": """
        given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -
        found         | morphology_code | topography_code | why
        SITE-102      | 8936/3          | C48.1           | the peritoneum
        SITE-102      | 89363           | c48             | the subsite is not given
        -             | 8936/3          | C17.9           | the small bowel
        DIAGNOSIS-021 | 8890/3          | C48.1           | a leiomyosarcoma
        -             | -               | C48.1           | morphology missing
        DIAGNOSIS-006 | 8936/3          | -               | site missing: another rule asks for it
    """,
    "SITE-103": """
        given: laterality = not_applicable, patient.sex = U
        found         | morphology_code | topography_code | why
        SITE-103      | 9040/3          | C34.9           | the lung
        SITE-103      | 9260/3          | C64.9           | the kidney
        SITE-103      | 9044/3          | C18.9           | the colon
        SITE-103      | 9041/3          | C53.9           | the cervix
        SITE-103      | 9260/3          | C42.2           | the spleen
        -             | 9040/3          | C49.2           | soft tissue
        -             | 9260/3          | C48.0           | the retroperitoneum
        -             | 9044/3          | C44.7           | the skin
        -             | 9260/3          | C47.2           | a nerve
        -             | 9260/3          | C76.1           | the thorax
        SITE-012      | 9260/3          | C77.4           | no organ
        -             | 9045/3          | C34.9           | a code of WHO 2020
        -             | -               | C34.9           | morphology missing
        DIAGNOSIS-006 | 9040/3          | -               | site missing: another rule asks for it
    """,
    "SITE-104": """
        given: laterality = not_applicable, patient.sex = U, grade_system = other
        found         | morphology_code | topography_code | why
        SITE-104      | 8802/3          | C40.2           | the femur
        SITE-104      | M88023          | c41             | the subsite is not given
        -             | 8802/3          | C49.2           | soft tissue
        -             | 9250/1          | C40.2           | giant cell tumour of bone
        -             | -               | C40.2           | morphology missing
        DIAGNOSIS-006 | 8802/3          | -               | site missing: another rule asks for it
    """,
}

#: True pairs: most say nothing, some are to be confirmed, none is a warning.
USUAL = """
    given: laterality = not_applicable, patient.sex = U, grade = -, grade_system = -, entry_reason = opinion
    found    | morphology_code | topography_code | why
    -        | 8850/3          | C48.0           | liposarcoma of the retroperitoneum
    -        | 8858/3          | C63.1           | of the spermatic cord
    -        | 8859/3          | C38.3           | of the mediastinum
    -        | 8890/3          | C54.2           | leiomyosarcoma of the uterus
    -        | 8890/3          | C49.4           | of the vena cava
    -        | 8890/3          | C41.2           | of a vertebra
    -        | 8811/3          | C49.1           | myxofibrosarcoma
    -        | 8802/3          | C49.2           | undifferentiated pleomorphic sarcoma
    -        | 8805/3          | C34.9           | undifferentiated, of the lung
    -        | 8815/3          | C70.0           | solitary fibrous tumour of the meninges
    -        | 8815/1          | C38.4           | of the pleura
    -        | 8821/1          | C49.4           | desmoid
    -        | 8832/3          | C44.5           | dermatofibrosarcoma
    -        | 8832/3          | C50.9           | of the breast
    -        | 8825/1          | C34.1           | inflammatory myofibroblastic tumour
    -        | 8912/3          | C69.6           | rhabdomyosarcoma of the orbit
    -        | 8920/3          | C49.0           | alveolar
    -        | 8912/3          | C67.9           | of the bladder
    -        | 9120/3          | C50.9           | angiosarcoma of the breast
    -        | 9120/3          | C38.0           | of the heart
    -        | 9120/3          | C42.2           | of the spleen
    -        | 9120/3          | C44.4           | of the scalp
    -        | 9133/3          | C22.0           | epithelioid haemangioendothelioma of the liver
    -        | 9137/3          | C49.3           | intimal sarcoma
    -        | 9138/3          | C40.2           | pseudomyogenic
    -        | 9140/3          | C44.7           | Kaposi sarcoma
    -        | 9140/3          | C06.9           | of the mouth
    -        | 9040/3          | C49.2           | synovial sarcoma
    -        | 9043/3          | C47.1           | of a nerve
    -        | 9044/3          | C49.2           | clear cell sarcoma
    -        | 9045/3          | C31.1           | biphenotypic sinonasal sarcoma
    -        | 9180/3          | C40.2           | osteosarcoma
    -        | 9181/3          | C41.1           | of the jaw
    -        | 9220/3          | C41.4           | chondrosarcoma of the pelvis
    -        | 9222/1          | C40.0           | atypical cartilaginous tumour
    -        | 9220/3          | C32.3           | of the larynx
    -        | 9231/3          | C49.2           | extraskeletal myxoid chondrosarcoma
    -        | 9240/3          | C70.0           | mesenchymal, of the meninges
    -        | 9260/3          | C41.3           | Ewing sarcoma of a rib
    -        | 9260/3          | C49.2           | of soft tissue
    -        | 9364/3          | C64.9           | of the kidney, under its other code
    -        | 9366/3          | C49.2           | round cell sarcoma
    -        | 9367/3          | C71.9           | CIC, of the brain
    -        | 9368/3          | C40.2           | BCOR
    -        | 9250/1          | C40.2           | giant cell tumour of bone
    -        | 9261/3          | C40.2           | adamantinoma
    -        | 9370/3          | C41.4           | chordoma of the sacrum
    -        | 9370/3          | C41.0           | of the clivus
    -        | 9540/3          | C47.2           | malignant nerve sheath tumour
    -        | 9540/3          | C48.0           | of the retroperitoneum
    -        | 9540/3          | C72.5           | of a cranial nerve
    -        | 9542/3          | C44.6           | epithelioid, of the skin
    -        | 8930/3          | C54.1           | endometrial stromal sarcoma
    -        | 8931/3          | C56.9           | of the ovary
    -        | 8933/3          | C54.9           | adenosarcoma
    -        | 8935/3          | C61.9           | stromal sarcoma of the prostate
    -        | 8714/3          | C54.9           | malignant PEComa
    -        | 8804/3          | C49.1           | epithelioid sarcoma
    -        | 8806/3          | C48.2           | desmoplastic small round cell tumour
    -        | 9581/3          | C49.2           | alveolar soft part sarcoma
    -        | 8936/3          | C16.9           | GIST of the stomach
    -        | 8936/3          | C17.2           | of the ileum
    -        | 8936/3          | C20.9           | of the rectum
    SITE-101 | 9180/3          | C49.2           | extraskeletal osteosarcoma: a confirmation
    SITE-102 | 8936/3          | C48.1           | GIST of the omentum: a confirmation
    SITE-103 | 9040/3          | C34.1           | synovial sarcoma of the lung: a confirmation
    SITE-103 | 9260/3          | C64.9           | Ewing of the kidney: a confirmation
    SITE-104 | 8802/3          | C40.2           | pleomorphic sarcoma of bone: a confirmation
"""


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []


def test_a_legitimate_pair_of_site_and_morphology_raises_no_warning():
    said = {rule_id for case in cases("tumour", USUAL) for rule_id in case.expected}
    assert {CATALOGUE[rule_id].severity for rule_id in said} == {Severity.INFO}
    assert disagreements({"tumour": USUAL}) == {"tumour": []}
