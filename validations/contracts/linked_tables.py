"""The linked layer: who is who. Identities; integration zone only."""

from dataclasses import replace

from validations.contracts import codes as c
from validations.contracts.entities import ENTITIES, LOCAL_PATIENT, LOCAL_TUMOUR
from validations.contracts.make import code, count, flag, technical, text
from validations.contracts.model import Kind, Layer, Sensitivity, Table
from validations.contracts.shared_fields import CENTRE_ID, PATIENT_ID, PERSON_ID, TUMOUR_ID

identity = {field.name: field for field in ENTITIES["patient_identity"]}
identity["birth_date_precision"] = code(
    "birth_date_precision", c.PRECISION, "date de naissance, précision", "date of birth, precision"
)
golden = (
    "birth_name",
    "used_name",
    "first_names",
    "sex",
    "birth_date",
    "birth_date_precision",
    "birth_place_cog",
    "residence_commune",
    "ins_matricule",
    "vital_status",
)
#: Two records, the smaller (centre, patient) on the left.
PAIR = (
    CENTRE_ID.renamed("centre_id_l"),
    LOCAL_PATIENT.renamed("local_patient_id_l"),
    CENTRE_ID.renamed("centre_id_r"),
    LOCAL_PATIENT.renamed("local_patient_id_r"),
)
PAIR_KEY = tuple(field.name for field in PAIR)
#: Counts only, no record and no person: the same columns cross into the warehouse as `fct_linkage`.
MONITOR_FIELDS = (
    technical("group_kind", "découpage : all, centre", "grouping: all, centre"),
    technical("group_id", "groupe", "group"),
    replace(
        code("measure", c.LINKAGE_MEASURE, "ce qui est mesuré", "what is measured"),
        sensitivity=Sensitivity.TECHNICAL,
    ),
    technical("subject", "de quoi : décision, trait, unité", "of what: decision, trait, unit"),
    technical("category", "catégorie", "category"),
    technical("category_rank", "rang de la catégorie", "rank of the category", Kind.INTEGER),
    count("item_count", "n : effectif de la catégorie", "n: count of the category"),
    count("total_count", "N : effectif total", "N: total count"),
    technical("model_share", "part attendue par le modèle", "share that the model expects", Kind.NUMBER),
    technical(
        "measured_value",
        "valeur : bits, ou indice de stabilité",
        "value: bits or stability index",
        Kind.NUMBER,
    ),
)
MONITOR_KEY = ("group_kind", "group_id", "measure", "subject", "category")
MONITOR_REQUIRED = ("category_rank", "item_count", "total_count")
LINKED: tuple[Table, ...] = (
    Table(
        layer=Layer.LINKED,
        subject="record",
        fr="dossier local et personne",
        en="local record and person",
        fields=(
            CENTRE_ID,
            LOCAL_PATIENT,
            PERSON_ID,
            PATIENT_ID,
            technical("link_reason", "motif du rattachement", "reason of the link"),
        ),
        key=("centre_id", "local_patient_id"),
        required=("person_id", "patient_id", "link_reason"),
    ),
    Table(
        layer=Layer.LINKED,
        subject="person",
        fr="identité nationale retenue",
        en="golden identity",
        fields=(
            PERSON_ID,
            PATIENT_ID,
            *(identity[name] for name in golden),
            count("record_count", "dossiers réunis", "records joined"),
        ),
        key=("person_id",),
        required=("patient_id", "record_count"),
    ),
    Table(
        layer=Layer.LINKED,
        subject="person_trait",
        fr="provenance de chaque trait de l'identité retenue",
        en="provenance of each trait of the golden identity",
        fields=(
            PERSON_ID,
            technical("field", "champ", "field"),
            text("trait_value", "valeur retenue", "value chosen", Sensitivity.IDENTITY),
            technical(
                "qualifier",
                "précision de la date, statut de l'INS",
                "precision of the date, status of the INS",
            ),
            CENTRE_ID,
            LOCAL_PATIENT,
            code("ruled_by", c.RULED_BY, "ce qui a décidé", "what decided"),
            count("votes", "dossiers qui l'écrivent", "records that wrote it"),
            count("distinct_values", "valeurs écrites", "values written"),
            flag("is_contested", "une autre valeur la contredit", "another value contradicts it"),
        ),
        key=("person_id", "field"),
        required=(
            "trait_value",
            "centre_id",
            "local_patient_id",
            "ruled_by",
            "votes",
            "distinct_values",
            "is_contested",
        ),
    ),
    Table(
        layer=Layer.LINKED,
        subject="tumour",
        fr="tumeur locale et tumeur nationale",
        en="local and national tumour",
        fields=(CENTRE_ID, LOCAL_PATIENT, LOCAL_TUMOUR, PATIENT_ID, TUMOUR_ID),
        key=("centre_id", "local_patient_id", "local_tumour_id"),
        required=("patient_id", "tumour_id"),
    ),
    Table(
        layer=Layer.LINKED,
        subject="review",
        fr="paires à relire",
        en="pairs to review",
        fields=(
            *PAIR,
            technical("review_reason", "motif", "reason"),
            technical("match_weight", "poids (bits)", "weight (bits)", Kind.NUMBER),
        ),
        key=PAIR_KEY,
        required=("review_reason",),
    ),
    Table(
        layer=Layer.LINKED,
        subject="review_weight",
        fr="ce que pèse chaque trait d'une paire à relire",
        en="what each trait weighs in a pair to review",
        fields=(
            *PAIR,
            technical("comparison", "trait comparé", "trait compared"),
            technical("agreement_level", "niveau de concordance", "level of agreement"),
            technical("weight", "poids (bits)", "weight (bits)", Kind.NUMBER),
            technical("frequency_weight", "dont fréquence (bits)", "of which frequency (bits)", Kind.NUMBER),
        ),
        key=(*PAIR_KEY, "comparison"),
        required=("agreement_level", "weight"),
    ),
    Table(
        layer=Layer.LINKED,
        subject="monitor",
        fr="suivi du rapprochement",
        en="monitor of the linkage",
        fields=MONITOR_FIELDS,
        key=MONITOR_KEY,
        required=MONITOR_REQUIRED,
    ),
)
