"""The canonical entities: what a centre may send, field by field.

Sources of the fields: EURACAN/IDEA4RC dictionary, OSIRIS (INCa), NETSARC publications, RNIV identity rules.
A patient has tumours, a tumour has events: every event names its local patient and its local tumour.
"""

from validations.contracts import codes as c
from validations.contracts.make import code, date, flag, identity, integer, number, text
from validations.contracts.model import Field, Sensitivity

LOCAL_PATIENT = identity(
    "local_patient_id", "identifiant du patient dans le centre", "the centre's own patient id"
)
LOCAL_TUMOUR = identity(
    "local_tumour_id", "identifiant de la tumeur dans le centre", "the centre's own tumour id"
)
DIAGNOSIS_LABEL = text("diagnosis_label", "diagnostic en clair", "diagnosis in words")

ENTITIES: dict[str, tuple[Field, ...]] = {
    "patient_identity": (
        LOCAL_PATIENT,
        identity("ins_matricule", "matricule INS", "INS number"),
        identity("ins_oid", "OID de l'INS (NIR ou NIA)", "OID of the INS (NIR or NIA)"),
        code("ins_status", c.INS_STATUS, "statut de confiance de l'identité", "trust status of the identity"),
        identity("birth_name", "nom de naissance", "birth name"),
        identity("used_name", "nom utilisé", "used name"),
        identity("first_names", "prénoms de naissance", "birth first names"),
        code("sex", c.SEX, "sexe", "sex"),
        date("birth_date", "date de naissance", "date of birth", Sensitivity.IDENTITY),
        identity("birth_place_cog", "commune de naissance (COG)", "birth place (COG code)"),
        identity("residence_commune", "commune de résidence (INSEE)", "commune of residence (INSEE code)"),
        code("vital_status", c.VITAL_STATUS, "statut vital", "vital status"),
    ),
    "patient_history": (
        LOCAL_PATIENT,
        code("predisposition", c.PREDISPOSITION, "prédisposition", "predisposition"),
        flag("has_previous_cancer", "antécédent de cancer", "previous cancer"),
        flag("has_previous_radiotherapy", "antécédent de radiothérapie", "previous radiotherapy"),
    ),
    "tumour": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        date("diagnosis_date", "date du diagnostic", "date of diagnosis"),
        code("entry_reason", c.ENTRY_REASON, "motif d'entrée", "reason of entry"),
        text("morphology_code", "morphologie CIM-O-3", "ICD-O-3 morphology"),
        code(
            "morphology_version",
            c.MORPHOLOGY_VERSION,
            "version de la CIM-O déclarée",
            "declared ICD-O version",
        ),
        text("adicap_code", "code ADICAP", "ADICAP code"),
        text("icd10_code", "code CIM-10", "ICD-10 code"),
        DIAGNOSIS_LABEL,
        text("topography_code", "topographie CIM-O-3", "ICD-O-3 topography"),
        text("topography_label", "siège en clair", "site in words"),
        code("laterality", c.LATERALITY, "latéralité", "laterality"),
        number("size_mm", "plus grand diamètre", "longest diameter", 0.3, 1000, "mm"),
        code(
            "depth",
            c.DEPTH,
            "profondeur par rapport à l'aponévrose",
            "depth relative to the investing fascia",
        ),
        integer("grade", "grade", "grade", 1, 4),
        code("grade_system", c.GRADE_SYSTEM, "système de grade", "grading system"),
        code("extent_at_diagnosis", c.EXTENT, "extension au diagnostic", "extent at diagnosis"),
        flag("had_biopsy", "biopsie déclarée", "biopsy declared"),
    ),
    "biopsy": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        date("biopsy_date", "date de la biopsie", "date of biopsy"),
        code("biopsy_kind", c.BIOPSY_KIND, "type de biopsie", "kind of biopsy"),
        flag("is_image_guided", "biopsie guidée par l'image", "image-guided biopsy"),
    ),
    "imaging": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        date("imaging_date", "date de l'imagerie", "date of imaging"),
        code("modality", c.MODALITY, "modalité", "modality"),
        code("imaging_target", c.IMAGING_TARGET, "région explorée", "region imaged"),
    ),
    "rcp": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        date("rcp_date", "date de la RCP", "date of the RCP"),
        code("rcp_kind", c.RCP_KIND, "type de RCP", "kind of RCP"),
        code("rcp_reason", c.RCP_REASON, "motif de la RCP", "reason of the RCP"),
        flag("is_trial_proposed", "essai proposé", "trial proposed"),
    ),
    "pathology_review": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        date("sampling_date", "date du prélèvement", "date of sampling"),
        date("received_date", "date de réception", "date received"),
        date("expert_date", "date de la relecture", "date of the expert reading"),
        text("initial_morphology_code", "morphologie, première lecture", "morphology, first reading"),
        text("initial_label", "diagnostic initial en clair", "first diagnosis in words"),
        text("expert_morphology_code", "morphologie, relecture", "morphology, expert reading"),
        text("expert_label", "diagnostic relu en clair", "expert diagnosis in words"),
        code("concordance", c.CONCORDANCE, "concordance des lectures", "concordance of the readings"),
        flag("had_molecular_test", "test moléculaire réalisé", "molecular test done"),
    ),
    "surgery": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        date("surgery_date", "date de la chirurgie", "date of surgery"),
        code("surgery_kind", c.SURGERY_KIND, "type de chirurgie", "kind of surgery"),
        code("surgery_target", c.SURGERY_TARGET, "cible de la chirurgie", "target of the surgery"),
        code("surgery_intent", c.INTENT, "intention", "intent"),
        code("margin", c.MARGIN, "marges", "margins"),
        text("surgery_facility", "établissement de la chirurgie", "place of surgery"),
        text("ccam_code", "acte CCAM", "CCAM procedure code"),
        flag("had_rupture", "rupture tumorale", "tumour rupture"),
    ),
    "treatment": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        code("treatment_kind", c.TREATMENT_KIND, "type de traitement", "kind of treatment"),
        code("treatment_setting", c.TREATMENT_SETTING, "contexte du traitement", "setting of the treatment"),
        date("treatment_start_date", "début du traitement", "start of treatment"),
        date("treatment_end_date", "fin du traitement", "end of treatment"),
        number("dose_gy", "dose totale", "total dose", 0, 150, "Gy"),
        integer("fractions", "nombre de fractions", "number of fractions", 1, 80),
        text("drugs", "médicaments", "drugs"),
        integer("cycles", "nombre de cycles", "number of cycles", 1, 60),
    ),
    "follow_up": (
        LOCAL_PATIENT,
        LOCAL_TUMOUR,
        code("follow_up_event", c.FOLLOW_UP_EVENT, "événement", "event"),
        date("event_date", "date de l'événement", "date of the event"),
        code("disease_status", c.DISEASE_STATUS, "statut aux dernières nouvelles", "status at last news"),
        date("death_date", "date du décès", "date of death"),
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
    entity: tuple(f.name for f in fields if f in (LOCAL_PATIENT, LOCAL_TUMOUR))
    for entity, fields in ENTITIES.items()
}
PATIENT_ENTITIES = ("patient_identity", "patient_history")
EVENT_ENTITIES = tuple(e for e in ENTITIES if e not in (*PATIENT_ENTITIES, "tumour"))
