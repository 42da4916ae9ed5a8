"""The facts of the star schema and the results of the indicators."""

from dataclasses import replace

from validations.contracts import codes as c
from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.event_tables import dated, event_fact
from validations.contracts.harmonised_tables import TUMOUR_FIELDS
from validations.contracts.linked_tables import MONITOR_FIELDS, MONITOR_KEY, MONITOR_REQUIRED
from validations.contracts.make import code, count, date, flag, technical
from validations.contracts.model import Field, Kind, Layer, Sensitivity, Table
from validations.contracts.shared_fields import CENTRE_ID, INDICATOR_ID, PERIOD_ID, PROVENANCE, TUMOUR_ID
from validations.result import COUNTS


def _percent(name: str, fr: str, en: str) -> Field:
    return Field(name=name, kind=Kind.NUMBER, fr=fr, en=en, low=0, high=100, unit="%")


milestones = tuple(
    part
    for name, fr, en in (
        ("first_biopsy_date", "première biopsie", "first biopsy"),
        ("first_rcp_date", "première RCP", "first RCP"),
        ("first_network_rcp_date", "première RCP labellisée", "first labelled RCP"),
        ("first_surgery_date", "première chirurgie", "first surgery"),
    )
    for part in dated(date(name, fr, en))
)
surgery = {field.name: field for field in ENTITIES["surgery"]}
FACTS: tuple[Table, ...] = (
    Table(
        layer=Layer.FACT,
        subject="tumour",
        fr="tumeur et ses jalons",
        en="tumour and its milestones",
        fields=(
            *TUMOUR_FIELDS,
            PERIOD_ID,
            Field(
                name="age_at_diagnosis",
                kind=Kind.INTEGER,
                fr="âge au diagnostic",
                en="age at diagnosis",
                low=0,
                high=120,
                unit="years",
                sensitivity=Sensitivity.QUASI,
            ),
            flag("is_incident", "cas incident, un par patient", "incident case, one per patient"),
            *milestones,
            surgery["surgery_kind"].renamed("first_surgery_kind"),
            surgery["surgery_intent"].renamed("first_surgery_intent"),
            surgery["margin"].renamed("first_surgery_margin"),
            technical("first_surgery_facility_id", "lieu de la première chirurgie", "place of first surgery"),
            flag(
                "is_first_surgery_in_reference",
                "première chirurgie en centre de référence",
                "first surgery in a reference centre",
            ),
            date("first_expert_reading_date", "première relecture", "first expert reading"),
            date("last_news_date", "dernières nouvelles", "last news"),
        ),
        key=("tumour_id",),
        required=("patient_id", "centre_id", "is_in_scope", "is_incident", "record_count"),
    ),
    *(event_fact(entity) for entity in EVENT_ENTITIES),
    Table(
        layer=Layer.FACT,
        subject="finding",
        fr="anomalie",
        en="finding",
        fields=(
            technical("finding_id", "anomalie", "finding"),
            technical("rule_id", "règle", "rule"),
            technical("rule_version", "version de la règle", "rule version", Kind.INTEGER),
            replace(code("severity", c.SEVERITY, "gravité", "severity"), sensitivity=Sensitivity.TECHNICAL),
            technical("table_name", "table", "table"),
            technical("field", "champ", "field"),
            *PROVENANCE,
            flag("is_quarantined", "ligne mise à part", "row set aside"),
        ),
        key=("finding_id",),
        required=("rule_id", "severity", "table_name", "row_id", "centre_id", "delivery_id"),
    ),
    Table(
        layer=Layer.FACT,
        subject="rule_result",
        fr="résultat d'une règle dans un centre",
        en="result of a rule in a centre",
        fields=(
            CENTRE_ID,
            technical("rule_id", "règle", "rule"),
            technical("table_name", "table", "table"),
            technical("rule_version", "version de la règle", "rule version", Kind.INTEGER),
            replace(code("severity", c.SEVERITY, "gravité", "severity"), sensitivity=Sensitivity.TECHNICAL),
            count("row_count", "lignes jugées", "rows judged"),
            count("not_applicable_count", "lignes non concernées", "rows not concerned"),
            count("unknown_count", "lignes où une valeur manque", "rows where a value is missing"),
            count("passed_count", "lignes conformes", "rows that conform"),
            count("failed_count", "lignes non conformes", "rows that do not conform"),
            code("outcome", c.RULE_OUTCOME, "issue", "outcome"),
            code(
                "reason",
                c.REASON_NOT_JUDGED,
                "motif, si rien n'a été jugé",
                "reason, when nothing was judged",
            ),
        ),
        key=("centre_id", "rule_id", "table_name"),
        required=("rule_version", "severity", *COUNTS, "outcome"),
    ),
    Table(
        layer=Layer.FACT,
        subject="linkage",
        fr="chiffres du rapprochement",
        en="figures of the linkage",
        fields=MONITOR_FIELDS,
        key=MONITOR_KEY,
        required=MONITOR_REQUIRED,
    ),
    Table(
        layer=Layer.FACT,
        subject="indicator",
        fr="tumeur × indicateur",
        en="tumour × indicator",
        fields=(
            INDICATOR_ID,
            TUMOUR_ID,
            PERIOD_ID,
            CENTRE_ID,
            flag(
                "is_first_surgery_in_reference",
                "première chirurgie en centre de référence",
                "first surgery in a reference centre",
            ),
            flag("is_achieved", "atteint ; vide si inconnu", "achieved; empty when unknown"),
            code("reason_unknown", c.REASON_UNKNOWN, "motif d'inconnu", "reason unknown"),
        ),
        key=("indicator_id", "tumour_id"),
        required=("period_id", "centre_id"),
    ),
)

REPORT: tuple[Table, ...] = (
    Table(
        layer=Layer.REPORT,
        subject="conformity",
        fr="résultat d'un indicateur",
        en="result of an indicator",
        fields=(
            INDICATOR_ID,
            PERIOD_ID,
            technical("group_kind", "découpage : all, place, centre", "grouping: all, place, centre"),
            technical("group_id", "groupe", "group"),
            count("eligible_count", "N : tumeurs éligibles", "N: eligible tumours"),
            count("achieved_count", "n : atteint", "n: achieved"),
            count("not_achieved_count", "non atteint", "not achieved"),
            count("missing_count", "inconnu", "missing"),
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
)
