"""The course of care of one tumour in one centre: acts against one another, and against death.

Only certain contradictions count: an act is before another when its last possible day is before the other's first.
"""

from validations.rules.expressions import SARCOMA, has_morphology
from validations.rules.model import Consequence, Kahn, Rule, Severity

_CHECK = (
    "Vérifier les deux dates dans le dossier et corriger celle qui est fausse.",
    "Check both dates in the record and correct the wrong one.",
)


def _asked(
    number: int,
    table: str,
    field: str,
    query: str,
    reads: tuple[str, ...],
    texts: tuple[str, str, str, str],
    *,
    source: str,
    kahn: Kahn = Kahn.TEMPORAL,
    severity: Severity = Severity.WARNING,
    status: str = "proposal",
) -> Rule:
    """A rule that keeps the row and asks; `texts` are the sentence and the remedy, French and English."""
    return Rule(
        id=f"PATHWAY-{number:03d}",
        table=table,
        fields=(field,),
        query=query,
        reads=(table, *reads),
        sentence_fr=texts[0],
        sentence_en=texts[1],
        remedy_fr=texts[2],
        remedy_en=texts[3],
        severity=severity,
        consequence=Consequence.FLAG,
        kahn=kahn,
        source=source,
        status=status,
    )


#: (rule number, entity, field): what a dead patient no longer undergoes.
_NOT_AFTER_DEATH = (
    (101, "biopsy", "biopsy_date", "La biopsie est postérieure au décès.", "The biopsy is later than death."),
    (102, "imaging", "imaging_date", "L'imagerie est postérieure au décès.", "The imaging is later than death."),
    (103, "surgery", "surgery_date", "La chirurgie est postérieure au décès.", "The surgery is later than death."),
    (104, "treatment", "treatment_start_date", "Le traitement commence après le décès.",
     "The treatment begins after death."),
)  # fmt: skip


def _after_death(number: int, entity: str, name: str, fr: str, en: str) -> Rule:
    return _asked(
        number, entity, name,
        f"SELECT row_id, {name} > death_latest AS is_violated FROM kept_{entity}"  # noqa: S608
        " JOIN death USING (local_patient_id)",
        ("follow_up",), (fr, en, *_CHECK),
        source="CRC-16, DQD-plausibleBeforeDeath", severity=Severity.ERROR, status="cited",
    )  # fmt: skip


#: The first act on the primary that is dated, and the margin of the last re-excision.
_FIRST_AND_LAST = (
    "arg_min(row_id, surgery_date) FILTER (WHERE surgery_kind IN ('resection', 'unplanned_excision')) AS row_id,"
    " arg_min(margin, surgery_date) FILTER (WHERE surgery_kind IN ('resection', 'unplanned_excision')) AS margin,"
    " arg_max(margin, surgery_date) FILTER (WHERE surgery_kind = 're_excision') AS margin_after"
)
#: An act that a tumour with a macroscopic residual is expected to have afterwards: dated later, or not dated.
_AFTER = " UNION ALL ".join(
    f"SELECT local_patient_id, local_tumour_id, {name}_latest AS latest FROM kept_{entity}"  # noqa: S608
    for entity, name in (("treatment", "treatment_start_date"), ("rcp", "rcp_date"))
)
_COUNTED = (
    _asked(
        14, "tumour", "had_biopsy",
        "SELECT kept_tumour.row_id, CASE WHEN count(*) = count(biopsy_date)"
        " THEN min(biopsy_date) > any_value(first_latest) END AS is_violated"
        " FROM kept_tumour JOIN first_surgery USING (local_patient_id, local_tumour_id)"
        " JOIN kept_biopsy USING (local_patient_id, local_tumour_id)"
        " WHERE had_biopsy AND biopsy_kind IS DISTINCT FROM 'excisional' GROUP BY kept_tumour.row_id",
        ("biopsy", "surgery"),
        ("Une biopsie est déclarée, mais toutes celles qui sont décrites suivent la première chirurgie.",
         "A biopsy is declared, but all that are described are later than the first surgery.",
         "Décrire la biopsie qui a précédé la chirurgie, ou corriger la déclaration.",
         "Describe the biopsy that preceded the surgery, or correct the declaration."),
        source="NS-030 (needs clinical sign-off)", severity=Severity.INFO,
    ),
    _asked(
        15, "surgery", "margin",
        f"SELECT row_id, NOT EXISTS (FROM ({_AFTER}) AS act WHERE act.local_patient_id = this.local_patient_id"  # noqa: S608
        " AND act.local_tumour_id = this.local_tumour_id AND coalesce(act.latest >= this.surgery_date, TRUE))"
        " AND NOT EXISTS (FROM kept_surgery AS other WHERE other.local_patient_id = this.local_patient_id"
        " AND other.local_tumour_id = this.local_tumour_id AND other.row_id <> this.row_id"
        " AND coalesce(other.surgery_date_latest >= this.surgery_date, TRUE)) AS is_violated"
        " FROM kept_surgery AS this JOIN export_day USING (delivery_id) LEFT JOIN death USING (local_patient_id)"
        " WHERE margin = 'R2' AND surgery_target = 'primary' AND surgery_intent IS DISTINCT FROM 'palliative'"
        " AND surgery_date_latest + INTERVAL 6 MONTH < as_of"
        " AND (death_latest IS NULL OR death_latest > surgery_date_latest + INTERVAL 6 MONTH)",
        ("treatment", "rcp", "follow_up"),
        ("Un résidu macroscopique (R2) n'est suivi d'aucune reprise, d'aucun traitement ni d'aucune RCP.",
         "A macroscopic residual (R2) is followed by no re-excision, no treatment and no meeting.",
         "Vérifier la marge, et décrire ce qui a suivi, même hors du réseau.",
         "Check the margin, and describe what followed, even outside the network."),
        source="NS-043 (needs clinical sign-off)", severity=Severity.INFO, kahn=Kahn.COMPLETENESS,
    ),
    _asked(
        16, "tumour", "morphology_code",
        "SELECT row_id, NOT EXISTS (FROM kept_pathology_review AS review"  # noqa: S608
        " WHERE review.local_patient_id = this.local_patient_id AND review.local_tumour_id = this.local_tumour_id)"
        " AS is_violated FROM kept_tumour AS this JOIN export_day USING (delivery_id)"
        f" WHERE behaviour_number = 3 AND {has_morphology(SARCOMA, 'morphology_number')}"
        " AND diagnosis_date >= DATE '2010-01-01' AND diagnosis_date_latest + INTERVAL 6 MONTH < as_of",
        ("pathology_review",),
        ("Six mois après le diagnostic, ce sarcome n'a pas de seconde lecture.",
         "Six months after the diagnosis, this sarcoma has no second reading.",
         "Décrire la relecture experte, ou la demander.",
         "Describe the expert reading, or ask for it."),
        source="NS-053 (needs clinical sign-off)", severity=Severity.INFO, kahn=Kahn.COMPLETENESS,
    ),
    _asked(
        17, "treatment", "treatment_start_date",
        "WITH news AS (SELECT local_patient_id, max(event_date_latest) AS last_day,"
        " count(*) = count(event_date) AS is_dated FROM kept_follow_up"
        " GROUP BY local_patient_id HAVING count(death_date) = 0)"
        " SELECT row_id, CASE WHEN is_dated THEN treatment_start_date > last_day END AS is_violated"
        " FROM kept_treatment JOIN news USING (local_patient_id)",
        ("follow_up",),
        ("Le traitement commence après les dernières nouvelles du patient.",
         "The treatment begins after the last news of the patient.",
         "Compléter le suivi ; la durée sans progression serait négative.",
         "Complete the follow-up; the time without progression would be negative."),
        source="DNPM-06", severity=Severity.INFO,
    ),
    _asked(
        18, "tumour", "grade",
        "SELECT row_id, had_biopsy IS DISTINCT FROM TRUE AND NOT EXISTS (FROM kept_biopsy AS biopsy"
        " WHERE biopsy.local_patient_id = this.local_patient_id AND biopsy.local_tumour_id = this.local_tumour_id"
        " AND biopsy.biopsy_kind IS DISTINCT FROM 'excisional') AS is_violated FROM kept_tumour AS this"
        " WHERE grade_system = 'fnclcc' AND grade IS NOT NULL AND EXISTS (FROM kept_treatment AS treatment"
        " WHERE treatment.local_patient_id = this.local_patient_id AND treatment.local_tumour_id = this.local_tumour_id"
        " AND treatment.treatment_setting = 'neoadjuvant')",
        ("biopsy", "treatment"),
        ("Le grade est donné sans biopsie après un traitement néoadjuvant, qui fausse celui de la pièce opératoire.",
         "The grade is given without a biopsy after a neoadjuvant treatment, which distorts that of the specimen.",
         "Décrire la biopsie qui porte le grade, ou retirer un grade de la pièce opératoire.",
         "Describe the biopsy that the grade is of, or remove a grade of the specimen."),
        source="I4RC-DM17 (needs clinical sign-off)", severity=Severity.INFO, kahn=Kahn.RELATIONAL,
    ),
)  # fmt: skip

RULES = (
    _asked(
        1, "biopsy", "biopsy_date",
        "SELECT row_id, biopsy_date = biopsy_date_latest AND first_date = first_latest AND biopsy_date = first_date"
        " AS is_violated FROM kept_biopsy JOIN first_surgery USING (local_patient_id, local_tumour_id)"
        " WHERE biopsy_kind <> 'excisional'",
        ("surgery",),
        ("La biopsie est datée du jour de la première chirurgie : elle ne compte pas comme biopsie avant.",
         "The biopsy is dated the day of the first surgery: it does not count as a biopsy before it.",
         "Vérifier la date ; une exérèse qui fait le diagnostic est une biopsie-exérèse.",
         "Check the date; an excision that makes the diagnosis is an excisional biopsy."),
        source="NS-031 (needs clinical sign-off)",
    ),
    _asked(
        2, "rcp", "rcp_date",
        "SELECT row_id, rcp_date = rcp_date_latest AND first_date = first_latest AND rcp_date = first_date"
        " AS is_violated FROM kept_rcp JOIN first_surgery USING (local_patient_id, local_tumour_id)",
        ("surgery",),
        ("La RCP est datée du jour de la première chirurgie : elle ne compte pas comme RCP avant.",
         "The meeting is dated the day of the first surgery: it does not count as a meeting before it.",
         *_CHECK),
        source="NS-035 (needs clinical sign-off)",
    ),
    _asked(
        3, "rcp", "rcp_date",
        "SELECT row_id, rcp_date_latest + INTERVAL 12 MONTH < first_date AS is_violated"
        " FROM kept_rcp JOIN first_surgery USING (local_patient_id, local_tumour_id) WHERE rcp_date_latest < first_date"
        " QUALIFY row_number() OVER (PARTITION BY local_patient_id, local_tumour_id"
        " ORDER BY rcp_date_latest DESC, row_id) = 1",
        ("surgery",),
        ("La dernière RCP avant la première chirurgie la précède de plus de 12 mois.",
         "The last meeting before the first surgery precedes it by more than 12 months.",
         "Vérifier les dates, et qu'aucune RCP plus proche de la chirurgie ne manque.",
         "Check the dates, and that no meeting nearer to the surgery is missing."),
        source="NS-036 (needs clinical sign-off)",
    ),
    _asked(
        # counted, not asked: a biopsy made outside the network is known by its answer alone
        4, "tumour", "had_biopsy",
        "SELECT row_id, NOT EXISTS (FROM kept_biopsy WHERE kept_biopsy.local_patient_id = this.local_patient_id"
        " AND kept_biopsy.local_tumour_id = this.local_tumour_id) AS is_violated"
        " FROM kept_tumour AS this WHERE had_biopsy",
        ("biopsy",),
        ("Une biopsie est déclarée, aucune n'est décrite.",
         "A biopsy is declared, none is described.",
         "Décrire la biopsie, avec sa date et son type, ou corriger la déclaration.",
         "Describe the biopsy with its date and kind, or correct the declaration."),
        source="NS-032 (needs clinical sign-off)", kahn=Kahn.RELATIONAL, severity=Severity.INFO,
    ),
    _asked(
        5, "surgery", "surgery_date",
        "SELECT row_id, surgery_date_latest < first_date AS is_violated FROM kept_surgery"
        " JOIN first_surgery USING (local_patient_id, local_tumour_id) WHERE surgery_kind = 're_excision'",
        (),
        ("La reprise d'exérèse précède la première chirurgie.",
         "The re-excision precedes the first surgery.",
         "Vérifier les dates et le type des deux actes.",
         "Check the dates and the kind of both acts."),
        source="NS-044 (needs clinical sign-off)",
    ),
    _asked(
        6, "surgery", "surgery_kind",
        "SELECT row_id, NOT EXISTS (FROM kept_surgery AS other WHERE other.local_patient_id = this.local_patient_id"
        " AND other.local_tumour_id = this.local_tumour_id AND other.surgery_kind IS DISTINCT FROM 're_excision')"
        " AS is_violated FROM kept_surgery AS this WHERE surgery_kind = 're_excision'",
        (),
        ("Une reprise d'exérèse est décrite sans première exérèse.",
         "A re-excision is described without a first excision.",
         "Décrire le premier acte, même fait hors du réseau.",
         "Describe the first act, even when done outside the network."),
        source="NS-044, NS-048 (needs clinical sign-off)", kahn=Kahn.RELATIONAL,
    ),
    _asked(
        7, "surgery", "surgery_kind",
        "SELECT row_id, EXISTS (FROM kept_surgery AS other WHERE other.local_patient_id = this.local_patient_id"
        " AND other.local_tumour_id = this.local_tumour_id AND other.surgery_kind IN ('resection', 'amputation')"
        " AND other.surgery_target = 'primary' AND other.surgery_date_latest < this.surgery_date) AS is_violated"
        " FROM kept_surgery AS this WHERE surgery_kind = 'resection' AND surgery_target = 'primary'",
        (),
        ("Une seconde exérèse de la tumeur primitive n'est pas dite reprise d'exérèse.",
         "A second resection of the primary is not called a re-excision.",
         "Vérifier le type et la cible du second acte : reprise, rechute ou métastase.",
         "Check the kind and target of the second act: re-excision, relapse or metastasis."),
        source="NS-048 (needs clinical sign-off)", kahn=Kahn.UNIQUENESS,
    ),
    _asked(
        8, "follow_up", "event_date",
        "SELECT row_id, event_date_latest < first_date AS is_violated FROM kept_follow_up"
        " JOIN first_surgery USING (local_patient_id, local_tumour_id) WHERE follow_up_event = 'local_relapse'",
        ("surgery",),
        ("La rechute locale précède la première chirurgie.",
         "The local relapse precedes the first surgery.", *_CHECK),
        source="NS-105 (needs clinical sign-off)",
    ),
    _asked(
        9, "treatment", "treatment_setting",
        "SELECT row_id, treatment_start_date > first_latest AS is_violated FROM kept_treatment"
        " JOIN first_surgery USING (local_patient_id, local_tumour_id) WHERE treatment_setting = 'neoadjuvant'",
        ("surgery",),
        ("Un traitement dit néoadjuvant commence après la première chirurgie.",
         "A treatment called neoadjuvant begins after the first surgery.",
         "Vérifier le contexte du traitement et les dates.",
         "Check the setting of the treatment and the dates."),
        source="NS-068, I4RC-DM20 (needs clinical sign-off)",
    ),
    _asked(
        10, "treatment", "treatment_setting",
        "SELECT row_id, treatment_start_date_latest < first_date AS is_violated FROM kept_treatment"
        " JOIN first_surgery USING (local_patient_id, local_tumour_id) WHERE treatment_setting = 'adjuvant'",
        ("surgery",),
        ("Un traitement dit adjuvant commence avant la première chirurgie.",
         "A treatment called adjuvant begins before the first surgery.",
         "Vérifier le contexte du traitement et les dates.",
         "Check the setting of the treatment and the dates."),
        source="NS-101, I4RC-DM20 (needs clinical sign-off)",
    ),
    _asked(
        11, "follow_up", "event_date",
        "SELECT row_id, event_date > death_latest AS is_violated FROM kept_follow_up"
        " JOIN death USING (local_patient_id) WHERE death_date IS NULL",
        (),
        ("Un événement est postérieur au décès que dit une autre ligne.",
         "An event is later than the death that another row states.", *_CHECK),
        source="NS-022, CRC-16", severity=Severity.ERROR, status="cited",
    ),
    _asked(
        12, "follow_up", "death_date",
        "SELECT row_id, death_date > first_death_latest AS is_violated FROM kept_follow_up"
        " JOIN death USING (local_patient_id) WHERE death_date IS NOT NULL",
        (),
        ("Deux dates de décès se contredisent pour un patient.",
         "Two dates of death contradict each other for one patient.", *_CHECK),
        source="NS-085, QCS-FUP (needs clinical sign-off)",
    ),
    _asked(
        13, "patient_identity", "vital_status",
        "SELECT row_id, NOT EXISTS (FROM death WHERE death.local_patient_id = this.local_patient_id) AS is_violated"
        " FROM kept_patient_identity AS this WHERE vital_status = 'dead'",
        ("follow_up",),
        ("L'identité dit le patient décédé, le suivi ne donne aucune date de décès.",
         "The identity says the patient is dead, the follow-up gives no date of death.",
         "Compléter la date de décès, au moins l'année.",
         "Complete the date of death, at least the year."),
        source="NS-023, CRC-06", kahn=Kahn.COMPLETENESS, status="cited",
    ),
    *_COUNTED,
    _asked(
        19, "surgery", "margin",
        f"WITH again AS (SELECT local_patient_id, local_tumour_id, {_FIRST_AND_LAST} FROM kept_surgery"  # noqa: S608
        " WHERE margin IS NOT NULL GROUP BY local_patient_id, local_tumour_id HAVING margin_after IS NOT NULL"
        " AND row_id IS NOT NULL)"
        " SELECT row_id, count(*) OVER () >= 10 AND count(*) FILTER (WHERE margin <> margin_after) OVER () = 0"
        " AS is_violated FROM again",
        (),
        ("Dans ce centre, la marge du premier acte est toujours celle de la reprise : la dernière l'a remplacée.",
         "In this centre, the margin of the first act always is that of the re-excision: the last one replaced it.",
         "Exporter la marge de chaque acte, et non la dernière pour tous.",
         "Export the margin of each act, not the last one for all."),
        source="NS-045 (needs clinical sign-off)", kahn=Kahn.ATEMPORAL,
    ),
    *(_after_death(*row) for row in _NOT_AFTER_DEATH),
)  # fmt: skip
