"""The tables of every layer. Staged, validated and event tables follow from the entities; the others are listed.

A date of an entity becomes three columns once it is known: the earliest possible day, its precision and, from the
harmonised layer on, the latest possible day. Order ("before surgery") is decided on those two ends.
"""

from dataclasses import replace

from validations.contracts import codes as c
from validations.contracts.entities import (
    ENTITIES,
    ENTITY_LABELS,
    ENTITY_REQUIRED,
    EVENT_ENTITIES,
    LOCAL_PATIENT,
    LOCAL_TUMOUR,
)
from validations.contracts.model import Code, Field, Kind, Layer, Sensitivity, Table


def _text(name: str, fr: str, en: str, sensitivity: Sensitivity = Sensitivity.CLINICAL) -> Field:
    return Field(name=name, kind=Kind.TEXT, fr=fr, en=en, sensitivity=sensitivity)


def _technical(name: str, fr: str, en: str, kind: Kind = Kind.TEXT) -> Field:
    return Field(name=name, kind=kind, fr=fr, en=en, sensitivity=Sensitivity.TECHNICAL)


def _code(name: str, values: tuple[Code, ...], fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.CODE, fr=fr, en=en, codes=values)


def _date(name: str, fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.DATE, fr=fr, en=en, sensitivity=Sensitivity.QUASI)


def _flag(name: str, fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.BOOLEAN, fr=fr, en=en)


def _count(name: str, fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.INTEGER, fr=fr, en=en, low=0)


def _percent(name: str, fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.NUMBER, fr=fr, en=en, low=0, high=100, unit="%")


CENTRE_ID = _technical("centre_id", "centre déclarant", "delivering centre")
DELIVERY_ID = _technical("delivery_id", "dépôt", "delivery")
ROW_ID = _technical("row_id", "ligne source : dépôt, feuille, ligne, rang", "source row: delivery, sheet, line, rank")
PROVENANCE = (
    ROW_ID,
    CENTRE_ID,
    DELIVERY_ID,
    _technical("file", "fichier", "file"),
    _technical("sheet", "feuille", "sheet"),
    _technical("line", "ligne dans le fichier", "line in the file", Kind.INTEGER),
)
PERSON_ID = _text("person_id", "personne, zone d'intégration", "person, integration zone", Sensitivity.IDENTITY)
PATIENT_ID = _technical("patient_id", "pseudonyme du patient", "pseudonym of the patient")
TUMOUR_ID = _technical("tumour_id", "pseudonyme de la tumeur", "pseudonym of the tumour")
MORPHOLOGY = _text("morphology", "morphologie CIM-O-3.2", "ICD-O-3.2 morphology")
TOPOGRAPHY = _text("topography", "topographie CIM-O-3", "ICD-O-3 topography")
INDICATOR_ID = _technical("indicator_id", "indicateur", "indicator")
PERIOD_ID = _technical("period_id", "période", "period")
LABEL_FR = _text("label_fr", "libellé français", "French label", Sensitivity.TECHNICAL)
LABEL_EN = _text("label_en", "libellé anglais", "English label", Sensitivity.TECHNICAL)
VALID_FROM = _technical("valid_from", "valable depuis", "valid from", Kind.DATE)
VALID_TO = _technical("valid_to", "valable jusqu'à", "valid until", Kind.DATE)
NAME = _technical("name", "nom", "name")


def _as_text(field: Field) -> Field:
    return replace(field, kind=Kind.TEXT, codes=(), low=None, high=None, unit=None)


def _precision(field: Field) -> Field:
    return _code(
        f"{field.name}_precision", c.PRECISION, f"{field.fr}, précision", f"{field.en}, precision"
    )


def _typed(field: Field) -> tuple[Field, ...]:
    if field.kind is Kind.DATE:
        return field, _precision(field)
    if field.kind is Kind.CODE:
        return field, _as_text(field).renamed(f"{field.name}_raw")
    return (field,)


def _dated(field: Field) -> tuple[Field, ...]:
    """A field as the warehouse keeps it: a date has its two ends and its precision."""
    if field.kind is not Kind.DATE:
        return (field,)
    latest = replace(
        field, name=f"{field.name}_latest", fr=f"{field.fr}, au plus tard", en=f"{field.en}, at the latest"
    )
    return field, latest, _precision(field)


def _staged(entity: str) -> Table:
    fr, en = ENTITY_LABELS[entity]
    fields = tuple(_as_text(field) for field in ENTITIES[entity])
    return Table(
        layer=Layer.STAGED, subject=entity, fr=f"{fr}, telle que le centre l'écrit", en=f"{en}, as the centre wrote it",
        fields=PROVENANCE + fields, key=("row_id",), required=("centre_id", "delivery_id", "file", "line"),
    )  # fmt: skip


def _validated(entity: str) -> Table:
    fr, en = ENTITY_LABELS[entity]
    fields = tuple(part for field in ENTITIES[entity] for part in _typed(field))
    return Table(
        layer=Layer.VALIDATED, subject=entity, fr=f"{fr}, typée et contrôlée", en=f"{en}, typed and checked",
        fields=PROVENANCE + fields, key=("row_id",),
        required=("centre_id", "delivery_id", "file", "line", *ENTITY_REQUIRED[entity]),
    )  # fmt: skip


#: Free text and source identifiers that stop at the border of the integration zone.
_STOPS_AT_BORDER = frozenset(
    {LOCAL_PATIENT.name, LOCAL_TUMOUR.name, "initial_label", "expert_label", "surgery_facility"}
)
_EVENT_EXTRA: dict[str, tuple[Field, ...]] = {
    "surgery": (
        _technical("facility_id", "établissement de la chirurgie", "facility of the surgery"),
        _flag("is_in_reference", "dans un centre de référence à cette date", "in a reference centre at that date"),
    ),
    "rcp": (
        _flag("is_labelled", "RCP sarcome labellisée à cette date", "labelled sarcoma meeting at that date"),
    ),
    "pathology_review": (
        _text("initial_morphology", "première lecture, CIM-O-3.2", "first reading, ICD-O-3.2"),
        _text("expert_morphology", "relecture, CIM-O-3.2", "expert reading, ICD-O-3.2"),
    ),
}


def _event_fields(entity: str) -> tuple[Field, ...]:
    kept = (field for field in ENTITIES[entity] if field.name not in _STOPS_AT_BORDER)
    links = (ROW_ID, TUMOUR_ID, PATIENT_ID, CENTRE_ID, DELIVERY_ID)
    return links + tuple(part for field in kept for part in _dated(field)) + _EVENT_EXTRA.get(entity, ())


def _harmonised_event(entity: str) -> Table:
    fr, en = ENTITY_LABELS[entity]
    return Table(
        layer=Layer.HARMONISED, subject=entity, fr=f"{fr}, rattachée à la tumeur nationale",
        en=f"{en}, attached to the national tumour", fields=_event_fields(entity),
        key=("row_id",), required=("tumour_id", "patient_id", "centre_id", "delivery_id"),
    )  # fmt: skip


def _event_fact(entity: str) -> Table:
    fr, en = ENTITY_LABELS[entity]
    declarations = _count("declaration_count", "nombre de déclarations", "number of declarations")
    return Table(
        layer=Layer.FACT, subject=entity, fr=f"{fr} ; un acte par ligne", en=f"{en}; one act per row",
        fields=(*_event_fields(entity), declarations),
        key=("row_id",), required=("tumour_id", "patient_id", "centre_id", "delivery_id", "declaration_count"),
    )  # fmt: skip


def _linked() -> tuple[Table, ...]:
    identity = {field.name: field for field in ENTITIES["patient_identity"]}
    golden = ("birth_name", "used_name", "first_names", "sex", "birth_date", "birth_place_cog", "residence_commune",
              "ins_matricule", "vital_status")  # fmt: skip
    return (
        Table(
            layer=Layer.LINKED, subject="record", fr="dossier local et personne", en="local record and person",
            fields=(CENTRE_ID, LOCAL_PATIENT, PERSON_ID, PATIENT_ID,
                    _technical("link_reason", "motif du rattachement", "reason of the link")),
            key=("centre_id", "local_patient_id"), required=("person_id", "patient_id", "link_reason"),
        ),
        Table(
            layer=Layer.LINKED, subject="person", fr="identité nationale retenue", en="golden identity",
            fields=(PERSON_ID, PATIENT_ID, *(identity[name] for name in golden),
                    _count("record_count", "dossiers réunis", "records joined")),
            key=("person_id",), required=("patient_id", "record_count"),
        ),
        Table(
            layer=Layer.LINKED, subject="review", fr="paires à relire", en="pairs to review",
            fields=(CENTRE_ID.renamed("centre_id_l"), LOCAL_PATIENT.renamed("local_patient_id_l"),
                    CENTRE_ID.renamed("centre_id_r"), LOCAL_PATIENT.renamed("local_patient_id_r"),
                    _technical("review_reason", "motif", "reason"),
                    _technical("match_weight", "poids (bits)", "weight (bits)", Kind.NUMBER)),
            key=("centre_id_l", "local_patient_id_l", "centre_id_r", "local_patient_id_r"),
            required=("review_reason",),
        ),
    )  # fmt: skip


_PATIENT_FIELDS = (
    PATIENT_ID,
    _code("sex", c.SEX, "sexe", "sex"),
    Field(name="birth_year", kind=Kind.INTEGER, fr="année de naissance", en="year of birth", low=1880, high=2100,
          sensitivity=Sensitivity.QUASI),
    Field(name="birth_month", kind=Kind.INTEGER, fr="mois de naissance", en="month of birth", low=1, high=12,
          sensitivity=Sensitivity.QUASI),
    _code("vital_status", c.VITAL_STATUS, "statut vital", "vital status"),
    _code("predisposition", c.PREDISPOSITION, "prédisposition", "predisposition"),
    _flag("has_previous_cancer", "antécédent de cancer", "previous cancer"),
    _flag("has_previous_radiotherapy", "antécédent de radiothérapie", "previous radiotherapy"),
    _count("record_count", "dossiers réunis", "records joined"),
)  # fmt: skip

_TUMOUR_FACT_SHARED = ("laterality", "size_mm", "depth", "grade", "grade_system", "extent_at_diagnosis", "had_biopsy")
_TUMOUR_FIELDS = (
    TUMOUR_ID,
    PATIENT_ID,
    _technical("centre_id", "centre responsable", "responsible centre"),
    MORPHOLOGY,
    TOPOGRAPHY,
    *_dated(_date("diagnosis_date", "date du diagnostic", "date of diagnosis")),
    _code("entry_reason", c.ENTRY_REASON, "motif d'entrée", "reason of entry"),
    *(field for field in ENTITIES["tumour"] if field.name in _TUMOUR_FACT_SHARED),
    _flag("is_in_scope", "dans le champ du réseau", "in the scope of the network"),
    _count("record_count", "déclarations réunies", "declarations joined"),
)


def _harmonised() -> tuple[Table, ...]:
    return (
        Table(
            layer=Layer.HARMONISED, subject="patient", fr="patient pseudonymisé", en="pseudonymised patient",
            fields=_PATIENT_FIELDS, key=("patient_id",), required=("record_count",),
        ),
        Table(
            layer=Layer.HARMONISED, subject="tumour", fr="tumeur primitive nationale", en="national primary tumour",
            fields=_TUMOUR_FIELDS, key=("tumour_id",), required=("patient_id", "centre_id", "is_in_scope", "record_count"),
        ),
        Table(
            layer=Layer.HARMONISED, subject="diagnosis_reading", fr="lecture du diagnostic", en="diagnosis reading",
            fields=(
                _technical("reading_id", "lecture", "reading"), ROW_ID, TUMOUR_ID, PATIENT_ID, CENTRE_ID,
                _code("reading", c.READING, "lecture", "reading"),
                _date("reading_date", "date de la lecture", "date of the reading"),
                _text("morphology_stated", "morphologie écrite", "morphology as written"),
                _code("morphology_version", c.MORPHOLOGY_VERSION, "version déclarée", "declared version"),
                _text("adicap_stated", "ADICAP écrit", "ADICAP as written"),
                _text("label_stated", "libellé écrit", "label as written"),
                _text("topography_stated", "topographie écrite", "topography as written"),
                MORPHOLOGY, TOPOGRAPHY,
                _code("coding_method", c.CODING_METHOD, "méthode de codage", "coding method"),
                _flag("is_certain", "codage certain", "certain coding"),
                _technical("review_reason", "motif de relecture", "reason of review"),
            ),
            key=("reading_id",), required=("row_id", "tumour_id", "patient_id", "reading", "coding_method", "is_certain"),
        ),
        *(_harmonised_event(entity) for entity in EVENT_ENTITIES),
    )  # fmt: skip


def _dimensions() -> tuple[Table, ...]:
    return (
        Table(
            layer=Layer.DIMENSION, subject="network", fr="réseau", en="network",
            fields=(_technical("network_id", "réseau", "network"), LABEL_FR, LABEL_EN,
                    _technical("definition_version", "version des définitions", "version of the definitions"),
                    _technical("icdo_version", "version de la CIM-O", "ICD-O version")),
            key=("network_id",), required=("label_fr", "label_en"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="centre", fr="centre", en="centre",
            fields=(CENTRE_ID, NAME, _technical("city", "ville", "city"), _technical("region", "région", "region"),
                    _technical("finess", "FINESS", "FINESS"),
                    _technical("role", "rôle dans le réseau", "role in the network"), VALID_FROM, VALID_TO),
            key=("centre_id", "valid_from"), required=("name",),
        ),
        Table(
            layer=Layer.DIMENSION, subject="facility", fr="établissement de soins", en="facility",
            fields=(_technical("facility_id", "établissement", "facility"), NAME,
                    replace(_code("role", c.FACILITY_ROLE, "rôle", "role"), sensitivity=Sensitivity.TECHNICAL),
                    CENTRE_ID, VALID_FROM, VALID_TO),
            key=("facility_id",), required=("name", "role"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="diagnosis", fr="diagnostic", en="diagnosis",
            fields=(MORPHOLOGY, LABEL_FR, LABEL_EN, _technical("behaviour", "comportement", "behaviour"),
                    _technical("malignancy_class", "classe de malignité", "malignancy class"),
                    _technical("who_group", "groupe OMS", "WHO group"),
                    _technical("iarc_group", "groupe CIRC", "IARC group"),
                    _flag("is_in_scope", "dans le champ du réseau", "in the scope of the network")),
            key=("morphology",), required=("label_fr", "label_en", "behaviour", "is_in_scope"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="topography", fr="siège", en="site",
            fields=(TOPOGRAPHY, LABEL_FR, LABEL_EN, _technical("site_group", "groupe de siège", "site group"),
                    _technical("iarc_site_group", "groupe de siège CIRC", "IARC site group")),
            key=("topography",), required=("label_fr", "label_en", "site_group"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="date", fr="jour", en="day",
            fields=(_technical("day", "jour", "day", Kind.DATE),
                    _technical("year", "année", "year", Kind.INTEGER),
                    _technical("quarter", "trimestre", "quarter", Kind.INTEGER),
                    _technical("month", "mois", "month", Kind.INTEGER)),
            key=("day",), required=("year", "quarter", "month"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="period", fr="période", en="period",
            fields=(PERIOD_ID, LABEL_FR, LABEL_EN, _technical("start_date", "début", "start", Kind.DATE),
                    _technical("end_date", "fin", "end", Kind.DATE),
                    _flag("is_exhaustive", "recueil exhaustif", "exhaustive collection")),
            key=("period_id",), required=("label_fr", "label_en", "start_date", "end_date", "is_exhaustive"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="delivery", fr="dépôt", en="delivery",
            fields=(DELIVERY_ID, CENTRE_ID, _technical("content_hash", "empreinte du contenu", "content hash"),
                    _technical("exported_date", "date d'export déclarée", "declared export date", Kind.DATE)),
            key=("delivery_id",), required=("centre_id", "content_hash"),
        ),
        Table(
            layer=Layer.DIMENSION, subject="patient", fr="patient pseudonymisé", en="pseudonymised patient",
            fields=(*_PATIENT_FIELDS, *_dated(_date("death_date", "date du décès", "date of death"))),
            key=("patient_id",), required=("record_count",),
        ),
    )  # fmt: skip


def _facts() -> tuple[Table, ...]:
    milestones = tuple(
        part
        for name, fr, en in (
            ("first_biopsy_date", "première biopsie", "first biopsy"),
            ("first_rcp_date", "première RCP", "first RCP"),
            ("first_network_rcp_date", "première RCP labellisée", "first labelled RCP"),
            ("first_surgery_date", "première chirurgie", "first surgery"),
        )
        for part in _dated(_date(name, fr, en))
    )
    surgery = {field.name: field for field in ENTITIES["surgery"]}
    return (
        Table(
            layer=Layer.FACT, subject="tumour", fr="tumeur et ses jalons", en="tumour and its milestones",
            fields=(
                *_TUMOUR_FIELDS, PERIOD_ID,
                Field(name="age_at_diagnosis", kind=Kind.INTEGER, fr="âge au diagnostic", en="age at diagnosis",
                      low=0, high=120, unit="years", sensitivity=Sensitivity.QUASI),
                _flag("is_incident", "cas incident, un par patient", "incident case, one per patient"),
                *milestones,
                surgery["surgery_kind"].renamed("first_surgery_kind"),
                surgery["surgery_intent"].renamed("first_surgery_intent"),
                surgery["margin"].renamed("first_surgery_margin"),
                _technical("first_surgery_facility_id", "lieu de la première chirurgie", "place of first surgery"),
                _flag("is_first_surgery_in_reference", "première chirurgie en centre de référence",
                      "first surgery in a reference centre"),
                _date("first_expert_reading_date", "première relecture", "first expert reading"),
                _date("last_news_date", "dernières nouvelles", "last news"),
            ),
            key=("tumour_id",), required=("patient_id", "centre_id", "is_in_scope", "is_incident", "record_count"),
        ),
        *(_event_fact(entity) for entity in EVENT_ENTITIES),
        Table(
            layer=Layer.FACT, subject="finding", fr="anomalie", en="finding",
            fields=(
                _technical("finding_id", "anomalie", "finding"), _technical("rule_id", "règle", "rule"),
                _technical("rule_version", "version de la règle", "rule version", Kind.INTEGER),
                replace(_code("severity", c.SEVERITY, "gravité", "severity"), sensitivity=Sensitivity.TECHNICAL),
                _technical("table_name", "table", "table"), _technical("field", "champ", "field"), *PROVENANCE,
                _flag("is_quarantined", "ligne mise à part", "row set aside"),
            ),
            key=("finding_id",), required=("rule_id", "severity", "table_name", "row_id", "centre_id", "delivery_id"),
        ),
        Table(
            layer=Layer.FACT, subject="indicator", fr="tumeur × indicateur", en="tumour × indicator",
            fields=(INDICATOR_ID, TUMOUR_ID, PERIOD_ID, CENTRE_ID,
                    _flag("is_first_surgery_in_reference", "première chirurgie en centre de référence",
                          "first surgery in a reference centre"),
                    _flag("is_achieved", "atteint ; vide si inconnu", "achieved; empty when unknown"),
                    _code("reason_unknown", c.REASON_UNKNOWN, "motif d'inconnu", "reason unknown")),
            key=("indicator_id", "tumour_id"), required=("period_id", "centre_id"),
        ),
    )  # fmt: skip


def _report() -> tuple[Table, ...]:
    return (
        Table(
            layer=Layer.REPORT, subject="conformity", fr="résultat d'un indicateur", en="result of an indicator",
            fields=(
                INDICATOR_ID, PERIOD_ID,
                _technical("group_kind", "découpage : all, place, centre", "grouping: all, place, centre"),
                _technical("group_id", "groupe", "group"),
                _count("eligible_count", "N : tumeurs éligibles", "N: eligible tumours"),
                _count("achieved_count", "n : atteint", "n: achieved"),
                _count("not_achieved_count", "non atteint", "not achieved"),
                _count("missing_count", "inconnu", "missing"),
                _percent("percent_all", "n / N", "n / N"),
                _percent("percent_all_low", "n / N, borne basse (Wilson 95 %)", "n / N, low (Wilson 95%)"),
                _percent("percent_all_high", "n / N, borne haute (Wilson 95 %)", "n / N, high (Wilson 95%)"),
                _percent("percent_known", "n / connus", "n / known"),
                _percent("percent_known_low", "n / connus, borne basse", "n / known, low"),
                _percent("percent_known_high", "n / connus, borne haute", "n / known, high"),
                _percent("published_percent", "valeur publiée", "published value"),
            ),
            key=("indicator_id", "period_id", "group_kind", "group_id"),
            required=("eligible_count", "achieved_count", "not_achieved_count", "missing_count"),
        ),
    )  # fmt: skip


STAGED = {entity: _staged(entity) for entity in ENTITIES}
VALIDATED = {entity: _validated(entity) for entity in ENTITIES}
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *STAGED.values(), *VALIDATED.values(), *_linked(), *_harmonised(), *_dimensions(), *_facts(), *_report()
    )
}  # fmt: skip
#: What the warehouse holds: pseudonyms only.
WAREHOUSE = tuple(t for t in TABLES.values() if t.layer in (Layer.DIMENSION, Layer.FACT, Layer.REPORT))
