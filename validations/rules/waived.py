"""Reference rules that a sarcoma registry of this shape does not evaluate, each with its reason.

Only what our fields cannot answer, or what is refused. A reference that merely waits to be written is not here.
"""


def _not_collected(fr: str, en: str, *ids: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Champ non recueilli : {fr}.", f"Field not collected: {en}.", ids


_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    _not_collected("stade TNM", "TNM stage", "QCS-TNM", "CRC-24", "CRC-25", "CRC-26", "DNPM-02", "NS-074"),
    _not_collected("base du diagnostic", "basis of diagnosis", "IARC-10", "NC-11"),
    _not_collected("âge déclaré ; il est calculé", "stated age; it is computed", "IARC-AGE2", "IARC-AGE3"),
    _not_collected("rang de la tumeur chez le patient", "sequence number of the tumour", "NC-06"),
    _not_collected("durées de survie et de suivi", "lengths of survival and of follow-up", "CRC-03"),
    _not_collected("site opéré", "site of the operation", "CRC-12", "CRC-13"),
    _not_collected("réponse au traitement", "response to treatment", "CRC-17", "CRC-18", "CRC-19"),
    _not_collected(
        "état d'un traitement et son motif", "status of a therapy, its reason", "DNPM-07", "DNPM-08"
    ),
    _not_collected("numéro du compte rendu d'histologie", "number of the histology report", "DNPM-04"),
    _not_collected("établissement de la biopsie", "place of the biopsy", "I4RC-DM03"),
    _not_collected("sarcome radio-induit et délai", "radiation-induced sarcoma, interval", "I4RC-DM05"),
    _not_collected("index mitotique", "mitotic count", "I4RC-DM10"),
    _not_collected("hyperthermie", "hyperthermia", "I4RC-DM23"),
    _not_collected("classe de risque d'une GIST", "risk class of a GIST", "NS-069"),
    _not_collected("opposition du patient", "opposition of the patient", "NS-103"),
    (
        "Un seul champ dit l'extension : localisée et métastatique ne peuvent se contredire.",
        "One field states the extent: localised and metastatic cannot contradict each other.",
        ("I4RC-DM12",),
    ),
    (
        "Refusée : grade attendu cliniquement douteux, pas d'accord d'un clinicien.",
        "Refused: the grade it expects is clinically doubtful and no clinician has agreed.",
        ("IARC-09f",),
    ),
    (
        "Refusée : un sarcome avant 15 ans n'a rien de suspect.",
        "Refused: a sarcoma before the age of 15 is nothing suspicious.",
        ("CRC-04",),
    ),
    (
        "Refusée : désactivée dans sa source, et le TNM n'est pas recueilli.",
        "Refused: switched off in its own source, and TNM is not collected.",
        ("CRC-27",),
    ),
    (
        "Refusée : liste d'opérations du côlon et du rectum.",
        "Refused: its list is of operations on the colon and rectum.",
        ("CRC-14",),
    ),
    (
        "Refusée : un écart à la moyenne signale surtout des valeurs justes.",
        "Refused: distance from the mean points mostly at values that are right.",
        ("RC-E",),
    ),
    (
        "Refusée : les tumeurs multiples se comptent ici selon le CIRC, non selon la règle américaine.",
        "Refused: multiple tumours are counted here by the IARC rule, not by the American one.",
        ("SEER-M10", "SEER-M12", "SEER-M13", "SEER-M17", "SEER-M18", "SEER-M20"),
    ),
    (
        "Compare deux logiciels de référence, non les données d'un centre.",
        "Compares two reference programs, not the data of a centre.",
        ("IARC-MP6",),
    ),
    (
        "Contrôle un fichier pour NORDCAN, que ce registre n'écrit pas.",
        "Checks a file for NORDCAN, which this registry does not write.",
        ("NC-04", "NC-08", "NC-09", "NC-10"),
    ),
    (
        "Contrôle un fichier pour l'ENCR, que ce registre n'écrit pas.",
        "Checks a file for the ENCR, which this registry does not write.",
        ("QCS-LAY",),
    ),
    (
        "Contrôle un fichier pour cBioPortal, que ce registre n'écrit pas.",
        "Checks a file for cBioPortal, which this registry does not write.",
        ("CBIO-05", "CBIO-06", "CBIO-07", "CBIO-08", "CBIO-09", "CBIO-10"),
    ),
    (
        "Contrôle un entrepôt OMOP, que ce registre n'écrit pas.",
        "Checks an OMOP warehouse, which this registry does not write.",
        (
            "DQD-fkDomain",
            "DQD-isStandardValidConcept",
            "DQD-withinVisitDates",
            "DQD-plausibleGenderUseDescendants",
            "DQD-plausibleUnitConceptIds",
            "DQD-measureObservationPeriodOverlap",
        ),
    ),
    (
        "Demande des données extérieures : la facturation des hôpitaux (PMSI).",
        "Needs outside data: hospital billing (PMSI).",
        ("EXT-01",),
    ),
    (
        "Demande des données extérieures : des dossiers relus et ressaisis.",
        "Needs outside data: records abstracted a second time.",
        ("EXT-02",),
    ),
    (
        "Demande des données extérieures : les certificats de décès.",
        "Needs outside data: death certificates.",
        ("NAACCR-G6",),
    ),
    (
        "Méthode de recherche : un modèle appris, non une règle.",
        "A research method: a learned model, not a rule.",
        ("ANOM-01",),
    ),
)

#: Reference id → why it is not evaluated, in French and in English.
WAIVED: dict[str, tuple[str, str]] = {name: (fr, en) for fr, en, ids in _GROUPS for name in ids}
