"""Multidisciplinary meetings: what "discussed before surgery" rests on."""

import datetime as dt

from validations.rules.expressions import TUMOUR_SITE, has_site
from validations.rules.make import asked
from validations.rules.model import Consequence, Kahn, Rule, Severity

RULES = (
    Rule(
        id="RCP-001", table="rcp", fields=("rcp_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.COMPLETENESS,
        source="NS-034",
        sentence_fr="La date de la RCP est inconnue : on ne sait si elle précède la chirurgie.",
        sentence_en="The date of the meeting is unknown: whether it precedes surgery cannot be told.",
        remedy_fr="Compléter la date, au moins le mois.",
        remedy_en="Complete the date, at least the month.",
        violated_when="rcp_date IS NULL",
        fails={"rcp_date": None, "rcp_date_precision": "unknown"}, passes={"rcp_date_precision": "month"},
    ),
    Rule(
        id="RCP-002", table="rcp", fields=("rcp_kind",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.COMPLETENESS,
        source="NS-038",
        sentence_fr="Le type de la RCP manque : elle ne peut compter comme RCP du réseau.",
        sentence_en="The kind of the meeting is missing: it cannot count as a network meeting.",
        remedy_fr="Préciser le type de la RCP.",
        remedy_en="State the kind of the meeting.",
        violated_when="rcp_kind IS NULL",
        fails={"rcp_kind": None}, passes={"rcp_kind": "local"},
    ),
    Rule(
        id="RCP-003", table="rcp", fields=("rcp_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-104; NETSARC labelled end 2009",
        sentence_fr="Une RCP du réseau est datée d'avant la création du réseau (fin 2009).",
        sentence_en="A network meeting is dated before the network existed (end of 2009).",
        remedy_fr="Vérifier la date et le type de la RCP.",
        remedy_en="Check the date and the kind of the meeting.",
        applies_when="rcp_kind IN ('sarcoma_network', 'resos')",
        violated_when="rcp_date_latest < DATE '2009-01-01'",
        fails={"rcp_date": dt.date(2008, 5, 1), "tumour.diagnosis_date": dt.date(2008, 4, 1)},
        passes={
            "rcp_date": dt.date(2008, 5, 1),
            "tumour.diagnosis_date": dt.date(2008, 4, 1),
            "rcp_kind": "local",
        },
    ),
    asked(
        "RCP-004", "rcp", "rcp_reason",
        ("Une RCP de rechute ou de suivi précède le diagnostic.",
         "A meeting about a relapse or a follow-up precedes the diagnosis.",
         "Vérifier la date, le motif, et que la RCP concerne bien cette tumeur.",
         "Check the date, the reason, and that the meeting concerns this tumour."),
        source="NS-101 (needs clinical sign-off)", kahn=Kahn.TEMPORAL,
        applies_when="rcp_reason IN ('relapse', 'follow_up')",
        violated_when="rcp_date_latest < tumour.diagnosis_date",
        fails={"rcp_reason": "relapse", "rcp_date": dt.date(2015, 3, 1)},
        passes={"rcp_reason": "diagnosis", "rcp_date": dt.date(2015, 3, 1)},
    ),
    asked(
        "RCP-005", "rcp", "rcp_kind",
        ("Une RCP des tumeurs osseuses (ResOs) a traité une tumeur d'un viscère ou du rétropéritoine.",
         "A meeting on bone tumours (ResOs) dealt with a tumour of an internal organ or of the retroperitoneum.",
         "Vérifier le type de la RCP et le siège de la tumeur.",
         "Check the kind of the meeting and the site of the tumour."),
        source="NS-038, NS-109 (needs clinical sign-off)",
        applies_when="rcp_kind = 'resos'",
        violated_when=has_site("1[5-9]|2[0-6]|48|5[0-8]|6[0-8]", TUMOUR_SITE),
        fails={"rcp_kind": "resos", "tumour.topography_code": "C48.0", "tumour.laterality": None},
        passes={"rcp_kind": "resos", "tumour.topography_code": "C40.2", "tumour.morphology_code": "9180/3"},
    ),
)  # fmt: skip
