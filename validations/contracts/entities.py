"""The canonical entities: what a centre may send, field by field.

Sources of the fields: EURACAN/IDEA4RC dictionary, OSIRIS (INCa), the NETSARC publications, the RNIV identity rules.
A patient has tumours, a tumour has events: every event names its local patient and its local tumour.
"""

from validations.contracts import codes as c
from validations.contracts.model import Code, Field, Kind, Sensitivity


def _text(name: str, fr: str, en: str, sensitivity: Sensitivity = Sensitivity.CLINICAL) -> Field:
    return Field(name=name, kind=Kind.TEXT, fr=fr, en=en, sensitivity=sensitivity)


def _identity(name: str, fr: str, en: str) -> Field:
    return _text(name, fr, en, Sensitivity.IDENTITY)


def _code(name: str, values: tuple[Code, ...], fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.CODE, fr=fr, en=en, codes=values)


def _date(name: str, fr: str, en: str, sensitivity: Sensitivity = Sensitivity.QUASI) -> Field:
    return Field(name=name, kind=Kind.DATE, fr=fr, en=en, sensitivity=sensitivity)


def _flag(name: str, fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.BOOLEAN, fr=fr, en=en)


def _number(name: str, fr: str, en: str, low: float, high: float, unit: str) -> Field:
    return Field(name=name, kind=Kind.NUMBER, fr=fr, en=en, low=low, high=high, unit=unit)


def _integer(name: str, fr: str, en: str, low: float, high: float) -> Field:
    return Field(name=name, kind=Kind.INTEGER, fr=fr, en=en, low=low, high=high)


LOCAL_PATIENT = _identity("local_patient_id", "identifiant du patient dans le centre", "the centre's own patient id")
LOCAL_TUMOUR = _identity("local_tumour_id", "identifiant de la tumeur dans le centre", "the centre's own tumour id")
DIAGNOSIS_LABEL = _text("diagnosis_label", "diagnostic en clair", "diagnosis in words")

ENTITIES: dict[str, tuple[Field, ...]] = {
    "patient_identity": (
        LOCAL_PATIENT,
        _identity("ins_matricule", "matricule INS", "INS number"),
        _identity("ins_oid", "OID de l'INS (NIR ou NIA)", "OID of the INS (NIR or NIA)"),
        _code("ins_status", c.INS_STATUS, "statut de confiance de l'identité", "trust status of the identity"),
        _identity("birth_name", "nom de naissance", "birth name"),
        _identity("used_name", "nom utilisé", "used name"),
        _identity("first_names", "prénoms de naissance", "birth first names"),
        _code("sex", c.SEX, "sexe", "sex"),
        _date("birth_date", "date de naissance", "date of birth", Sensitivity.IDENTITY),
        _identity("birth_place_cog", "commune de naissance (COG)", "birth place (COG code)"),
        _identity("residence_commune", "commune de résidence (INSEE)", "commune of residence (INSEE code)"),
        _code("vital_status", c.VITAL_STATUS, "statut vital", "vital status"),
    ),
    "patient_history": (
        LOCAL_PATIENT,
        _code("predisposition", c.PREDISPOSITION, "prédisposition", "predisposition"),
        _flag("has_previous_cancer", "antécédent de cancer", "previous cancer"),
        _flag("has_previous_radiotherapy", "antécédent de radiothérapie", "previous radiotherapy"),
    ),
    "tumour": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _date("diagnosis_date", "date du diagnostic", "date of diagnosis"),
        _code("entry_reason", c.ENTRY_REASON, "motif d'entrée", "reason of entry"),
        _text("morphology_code", "morphologie CIM-O-3", "ICD-O-3 morphology"),
        _code("morphology_version", c.MORPHOLOGY_VERSION, "version de la CIM-O déclarée", "declared ICD-O version"),
        _text("adicap_code", "code ADICAP", "ADICAP code"),
        _text("icd10_code", "code CIM-10", "ICD-10 code"),
        DIAGNOSIS_LABEL,
        _text("topography_code", "topographie CIM-O-3", "ICD-O-3 topography"),
        _text("topography_label", "siège en clair", "site in words"),
        _code("laterality", c.LATERALITY, "latéralité", "laterality"),
        _number("size_mm", "plus grand diamètre", "longest diameter", 0.3, 1000, "mm"),
        _code("depth", c.DEPTH, "profondeur par rapport à l'aponévrose", "depth relative to the investing fascia"),
        _integer("grade", "grade", "grade", 1, 4),
        _code("grade_system", c.GRADE_SYSTEM, "système de grade", "grading system"),
        _code("extent_at_diagnosis", c.EXTENT, "extension au diagnostic", "extent at diagnosis"),
        _flag("had_biopsy", "biopsie déclarée", "biopsy declared"),
    ),
    "biopsy": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _date("biopsy_date", "date de la biopsie", "date of biopsy"),
        _code("biopsy_kind", c.BIOPSY_KIND, "type de biopsie", "kind of biopsy"),
        _flag("is_image_guided", "biopsie guidée par l'image", "image-guided biopsy"),
    ),
    "imaging": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _date("imaging_date", "date de l'imagerie", "date of imaging"),
        _code("modality", c.MODALITY, "modalité", "modality"),
        _code("imaging_target", c.IMAGING_TARGET, "région explorée", "region imaged"),
    ),
    "rcp": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _date("rcp_date", "date de la RCP", "date of the RCP"),
        _code("rcp_kind", c.RCP_KIND, "type de RCP", "kind of RCP"),
        _code("rcp_reason", c.RCP_REASON, "motif de la RCP", "reason of the RCP"),
        _flag("is_trial_proposed", "essai proposé", "trial proposed"),
    ),
    "pathology_review": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _date("sampling_date", "date du prélèvement", "date of sampling"),
        _date("received_date", "date de réception", "date received"),
        _date("expert_date", "date de la relecture", "date of the expert reading"),
        _text("initial_morphology_code", "morphologie, première lecture", "morphology, first reading"),
        _text("initial_label", "diagnostic initial en clair", "first diagnosis in words"),
        _text("expert_morphology_code", "morphologie, relecture", "morphology, expert reading"),
        _text("expert_label", "diagnostic relu en clair", "expert diagnosis in words"),
        _code("concordance", c.CONCORDANCE, "concordance des lectures", "concordance of the readings"),
        _flag("had_molecular_test", "test moléculaire réalisé", "molecular test done"),
    ),
    "surgery": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _date("surgery_date", "date de la chirurgie", "date of surgery"),
        _code("surgery_kind", c.SURGERY_KIND, "type de chirurgie", "kind of surgery"),
        _code("surgery_target", c.SURGERY_TARGET, "cible de la chirurgie", "target of the surgery"),
        _code("surgery_intent", c.INTENT, "intention", "intent"),
        _code("margin", c.MARGIN, "marges", "margins"),
        _text("surgery_facility", "établissement de la chirurgie", "place of surgery"),
        _text("ccam_code", "acte CCAM", "CCAM procedure code"),
        _flag("had_rupture", "rupture tumorale", "tumour rupture"),
    ),
    "treatment": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _code("treatment_kind", c.TREATMENT_KIND, "type de traitement", "kind of treatment"),
        _code("treatment_setting", c.TREATMENT_SETTING, "contexte du traitement", "setting of the treatment"),
        _date("treatment_start_date", "début du traitement", "start of treatment"),
        _date("treatment_end_date", "fin du traitement", "end of treatment"),
        _number("dose_gy", "dose totale", "total dose", 0, 150, "Gy"),
        _integer("fractions", "nombre de fractions", "number of fractions", 1, 80),
        _text("drugs", "médicaments", "drugs"),
        _integer("cycles", "nombre de cycles", "number of cycles", 1, 60),
    ),
    "follow_up": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        _code("follow_up_event", c.FOLLOW_UP_EVENT, "événement", "event"),
        _date("event_date", "date de l'événement", "date of the event"),
        _code("disease_status", c.DISEASE_STATUS, "statut aux dernières nouvelles", "status at last news"),
        _date("death_date", "date du décès", "date of death"),
    ),
}

ENTITY_LABELS: dict[str, tuple[str, str]] = {
    "patient_identity": ("identité du patient", "patient identity"),
    "patient_history": ("antécédents du patient", "patient history"),
    "tumour": ("tumeur", "tumour"),
    "biopsy": ("biopsie", "biopsy"),
    "imaging": ("imagerie", "imaging"),
    "rcp": ("réunion de concertation pluridisciplinaire", "multidisciplinary meeting"),
    "pathology_review": ("relecture anatomopathologique", "pathology review"),
    "surgery": ("chirurgie", "surgery"),
    "treatment": ("traitement", "treatment"),
    "follow_up": ("suivi", "follow-up"),
}

#: What makes a row of each entity usable at all: a row without one of these is quarantined.
ENTITY_REQUIRED: dict[str, tuple[str, ...]] = {
    entity: tuple(f.name for f in fields if f in (LOCAL_PATIENT, LOCAL_TUMOUR)) for entity, fields in ENTITIES.items()
}
PATIENT_ENTITIES = ("patient_identity", "patient_history")
EVENT_ENTITIES = tuple(e for e in ENTITIES if e not in (*PATIENT_ENTITIES, "tumour"))
