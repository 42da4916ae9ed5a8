"""Follow-up: vital status, death and last news must tell one story."""

import datetime as dt

from validations.rules.model import Consequence, Kahn, Rule, Severity

RULES = (
    Rule(
        id="FOLLOWUP-001", table="follow_up", fields=("death_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.COMPLETENESS,
        source="NS-023, CRC-06", status="cited",
        sentence_fr="Le patient est dit décédé sans date de décès.",
        sentence_en="The patient is called dead without a date of death.",
        remedy_fr="Compléter la date de décès, au moins l'année.",
        remedy_en="Complete the date of death, at least the year.",
        violated_when="disease_status IN ('DOD', 'DOC', 'DUC') AND death_date IS NULL",
        fails={"disease_status": "DOD", "patient.vital_status": None}, passes={"disease_status": "lost"},
    ),
    Rule(
        id="FOLLOWUP-002", table="follow_up", fields=("disease_status",),
        severity=Severity.ERROR, consequence=Consequence.FLAG, kahn=Kahn.RELATIONAL,
        source="NS-024", status="cited",
        sentence_fr="Le patient est dit vivant avec une date de décès.",
        sentence_en="The patient is called alive with a date of death.",
        remedy_fr="Corriger le statut ou retirer la date de décès.",
        remedy_en="Correct the status or remove the date of death.",
        violated_when="disease_status IN ('NED', 'AWD') AND death_date IS NOT NULL",
        fails={"death_date": dt.date(2020, 1, 1), "patient.vital_status": None},
        passes={"death_date": dt.date(2020, 1, 1), "disease_status": "DOC", "patient.vital_status": "dead"},
    ),
    Rule(
        id="FOLLOWUP-003", table="follow_up", fields=("death_date",),
        severity=Severity.ERROR, consequence=Consequence.FLAG, kahn=Kahn.RELATIONAL,
        source="NS-024", status="cited",
        sentence_fr="L'identité dit le patient vivant, le suivi donne une date de décès.",
        sentence_en="The identity says the patient is alive, the follow-up gives a date of death.",
        remedy_fr="Corriger le statut vital ou la date de décès.",
        remedy_en="Correct the vital status or the date of death.",
        violated_when="patient.vital_status = 'alive' AND death_date IS NOT NULL",
        fails={"death_date": dt.date(2020, 1, 1), "disease_status": "DOD", "patient.vital_status": "alive"},
        passes={"death_date": dt.date(2020, 1, 1), "disease_status": "DOD", "patient.vital_status": "dead"},
    ),
    Rule(
        id="FOLLOWUP-004", table="follow_up", fields=("event_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.COMPLETENESS,
        source="I4RC-DM22", status="cited",
        sentence_fr="La date de l'événement est inconnue.",
        sentence_en="The date of the event is unknown.",
        remedy_fr="Compléter la date, au moins le mois.",
        remedy_en="Complete the date, at least the month.",
        violated_when="event_date IS NULL AND death_date IS NULL",
        fails={"event_date": None, "event_date_precision": "unknown"}, passes={"event_date_precision": "month"},
    ),
)  # fmt: skip
