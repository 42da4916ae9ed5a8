"""Reference rules that this registry does not evaluate, each with its reason.

What our fields cannot answer, what is refused, and what nobody computes: a figure that is not there is said to be so.
"""


def _not_collected(fr: str, en: str, *ids: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Champ non recueilli : {fr}.", f"Field not collected: {en}.", ids


def _not_computed(fr: str, en: str, *ids: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Non calculé : {fr}.", f"Not computed: {en}.", ids


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
    _not_collected("texte accompagnant « autre »", "words that go with the answer other", "CRC-09"),
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
        "Demande des données extérieures : le nombre de cas attendus.",
        "Needs outside data: the number of expected cases.",
        ("NAACCR-G1",),
    ),
    (
        "Refusée : le champ du registre suit la morphologie et le comportement, quel que soit le siège.",
        "Refused: the scope of the registry follows morphology and behaviour, whatever the site.",
        ("GDO-01",),
    ),
    (
        "Aucune cible ni bornes d'un indicateur n'ont été convenues avec les centres.",
        "No target and no bounds of an indicator were agreed with the centres.",
        ("OZ-01", "OZ-02"),
    ),
    _not_computed(
        "part des cas déclarés dans un délai ; le retard de chaque centre est dit",
        "share of cases declared within a time; the delay of each centre is told",
        "EXT-03", "NAACCR-G5",
    ),
    _not_computed(
        "seuil sur les données manquantes ou fausses ; chaque règle donne ses nombres",
        "a limit on missing or wrong data; each rule gives its counts",
        "NAACCR-G3", "NAACCR-G4",
    ),
    _not_computed(
        "part de cellules vides de chaque champ, ou de patients sans ligne",
        "share of empty cells of each field, or of patients without a row",
        "DQD-measureValueCompleteness", "DQD-measurePersonCompleteness",
    ),
    _not_computed(
        "part de diagnostics ou de mots que le codage ne reconnaît pas, et son évolution",
        "share of diagnoses or words that coding does not recognise, and its drift",
        "DQD-standardConceptRecordCompleteness", "DQD-sourceValueCompleteness", "NS-091",
    ),
    _not_computed(
        "budget de chaque sorte d'erreur ; il n'y en a qu'un pour toutes",
        "a budget for each kind of error; there is one for all of them",
        "I4RC-B1", "I4RC-B2", "I4RC-B3", "I4RC-B5",
    ),
    _not_computed(
        "table entière écartée ; le compte des lignes le montre et n'arrête rien",
        "a table set aside as a whole; the account of rows shows it and stops nothing",
        "I4RC-S4",
    ),
    _not_computed(
        "égalité des patients reçus et publiés ; les comptes montrent ceux qui sont réunis",
        "equality of the patients received and published; the accounts show those that are joined",
        "I4RC-I4",
    ),
    _not_computed(
        "comparaison des effectifs ou des indicateurs d'une publication à l'autre",
        "comparison of counts or indicators from one publication to the next",
        "NC-12", "NS-092",
    ),
    _not_computed(
        "sexe et année de naissance comparés au dépôt précédent ; un identifiant vide est rejeté",
        "sex and year of birth against the delivery before; an empty identifier is rejected",
        "NS-002",
    ),
    _not_computed(
        "code de centre lu dans le fichier ; le centre est celui du dossier ou du nom",
        "code of a centre read in the file; the centre is that of the folder or name",
        "NS-003",
    ),
    _not_computed(
        "préférence de chiffres, colonne constante ou lignes recopiées",
        "digit preference, constant columns or copied rows",
        "NS-093", "NS-094", "NS-095",
    ),
    _not_computed(
        "nombre de centres d'une même personne",
        "number of centres of one person",
        "NS-081",
    ),
    _not_computed(
        "désaccord de deux centres sur un acte ou un diagnostic ; une règle fixe choisit",
        "disagreement of two centres on an act or a diagnosis; a fixed rule chooses",
        "NS-047", "NS-083", "NS-084",
    ),
    _not_computed(
        "provenance de chaque champ d'une tumeur ; seul le centre responsable est gardé",
        "provenance of each field of a tumour; only the responsible centre is kept",
        "NS-086",
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
)  # fmt: skip

#: Reference id → why it is not evaluated, in French and in English.
WAIVED: dict[str, tuple[str, str]] = {name: (fr, en) for fr, en, ids in _GROUPS for name in ids}
