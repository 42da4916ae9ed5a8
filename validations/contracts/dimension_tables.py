"""The dimensions of the star schema."""

from dataclasses import replace

from validations.contracts import codes as c
from validations.contracts.event_tables import dated
from validations.contracts.harmonised_tables import PATIENT_FIELDS
from validations.contracts.make import code, date, flag, technical
from validations.contracts.model import Kind, Layer, Sensitivity, Table
from validations.contracts.shared_fields import (
    ALIAS_PATIENT_ID,
    CENTRE_ID,
    DELIVERY_ID,
    LABEL_EN,
    LABEL_FR,
    MORPHOLOGY,
    NAME,
    PATIENT_ID,
    PERIOD_ID,
    TOPOGRAPHY,
    VALID_FROM,
    VALID_TO,
)

DIMENSIONS: tuple[Table, ...] = (
    Table(
        layer=Layer.DIMENSION,
        subject="network",
        fr="réseau",
        en="network",
        fields=(
            technical("network_id", "réseau", "network"),
            LABEL_FR,
            LABEL_EN,
            technical("definition_version", "version des définitions", "version of the definitions"),
            technical("icdo_version", "version de la CIM-O", "ICD-O version"),
        ),
        key=("network_id",),
        required=("label_fr", "label_en"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="centre",
        fr="centre",
        en="centre",
        fields=(
            CENTRE_ID,
            NAME,
            technical("city", "ville", "city"),
            technical("region", "région", "region"),
            technical("finess", "FINESS", "FINESS"),
            technical("network_role", "rôle dans le réseau", "role in the network"),
            VALID_FROM,
            VALID_TO,
        ),
        key=("centre_id", "valid_from"),
        required=("name",),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="facility",
        fr="établissement de soins",
        en="facility",
        fields=(
            technical("facility_id", "établissement", "facility"),
            NAME,
            replace(code("role", c.FACILITY_ROLE, "rôle", "role"), sensitivity=Sensitivity.TECHNICAL),
            CENTRE_ID,
            VALID_FROM,
            VALID_TO,
        ),
        key=("facility_id",),
        required=("name", "role"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="diagnosis",
        fr="diagnostic",
        en="diagnosis",
        fields=(
            MORPHOLOGY,
            LABEL_FR,
            LABEL_EN,
            technical("behaviour", "comportement", "behaviour"),
            technical("malignancy_class", "classe de malignité", "malignancy class"),
            technical("who_group", "groupe OMS", "WHO group"),
            technical("iarc_group", "groupe CIRC", "IARC group"),
            flag("is_in_scope", "dans le champ du réseau", "in the scope of the network"),
        ),
        key=("morphology",),
        required=("label_fr", "label_en", "behaviour", "is_in_scope"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="topography",
        fr="siège",
        en="site",
        fields=(
            TOPOGRAPHY,
            LABEL_FR,
            LABEL_EN,
            technical("site_group", "groupe de siège", "site group"),
            technical("iarc_site_group", "groupe de siège CIRC", "IARC site group"),
        ),
        key=("topography",),
        required=("label_fr", "label_en", "site_group"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="date",
        fr="jour",
        en="day",
        fields=(
            technical("day", "jour", "day", Kind.DATE),
            technical("year", "année", "year", Kind.INTEGER),
            technical("quarter", "trimestre", "quarter", Kind.INTEGER),
            technical("month", "mois", "month", Kind.INTEGER),
        ),
        key=("day",),
        required=("year", "quarter", "month"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="period",
        fr="période",
        en="period",
        fields=(
            PERIOD_ID,
            LABEL_FR,
            LABEL_EN,
            technical("start_date", "début", "start", Kind.DATE),
            technical("end_date", "fin", "end", Kind.DATE),
            flag("is_exhaustive", "recueil exhaustif", "exhaustive collection"),
        ),
        key=("period_id",),
        required=("label_fr", "label_en", "start_date", "end_date", "is_exhaustive"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="delivery",
        fr="dépôt",
        en="delivery",
        fields=(
            DELIVERY_ID,
            CENTRE_ID,
            technical("content_hash", "empreinte du contenu", "content hash"),
            technical("exported_date", "date d'export déclarée", "declared export date", Kind.DATE),
        ),
        key=("delivery_id",),
        required=("centre_id", "content_hash"),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="patient",
        fr="patient pseudonymisé",
        en="pseudonymised patient",
        fields=(*PATIENT_FIELDS, *dated(date("death_date", "date du décès", "date of death"))),
        key=("patient_id",),
        required=("record_count",),
    ),
    Table(
        layer=Layer.DIMENSION,
        subject="patient_alias",
        fr="anciens pseudonymes, avec celui du patient dont chacun fait maintenant partie ; si un patient a été "
        "séparé, son pseudonyme est resté à la plus grande partie",
        en="former pseudonyms, with that of the patient that each is part of now; where a patient was split, its "
        "pseudonym stayed with the larger part",
        fields=(ALIAS_PATIENT_ID, PATIENT_ID),
        key=("alias_patient_id",),
        required=("patient_id",),
    ),
)
