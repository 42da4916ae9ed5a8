"""Closed lists of values: what a centre's words are mapped to.

Each code has one label in French and one in English. A list is named by the field that uses it.
"""

from validations.contracts.model import Code


def _codes(*rows: tuple[str, str, str]) -> tuple[Code, ...]:
    return tuple(Code(*row) for row in rows)


SEX = _codes(("M", "homme", "male"), ("F", "femme", "female"), ("U", "inconnu", "unknown"))
INS_STATUS = _codes(  # RNIV: only QUAL may carry the matricule
    ("PROV", "identité provisoire", "provisional"),
    ("RECUP", "identité récupérée", "retrieved"),
    ("VALI", "identité validée", "validated"),
    ("QUAL", "identité qualifiée", "qualified"),
)
PRECISION = _codes(
    ("day", "jour", "day"),
    ("month", "mois", "month"),
    ("year", "année", "year"),
    ("unknown", "inconnue", "unknown"),
)
VITAL_STATUS = _codes(
    ("alive", "vivant", "alive"), ("dead", "décédé", "dead"), ("lost", "perdu de vue", "lost to follow-up")
)
PREDISPOSITION = _codes(
    ("nf1", "neurofibromatose de type 1", "neurofibromatosis type 1"),
    ("li_fraumeni", "syndrome de Li-Fraumeni", "Li-Fraumeni syndrome"),
    ("retinoblastoma", "rétinoblastome héréditaire", "hereditary retinoblastoma"),
    ("other", "autre", "other"),
    ("none", "aucune", "none"),
)
ENTRY_REASON = _codes(
    ("primary", "prise en charge initiale", "primary management"),
    ("relapse", "rechute", "relapse"),
    ("opinion", "avis seul", "opinion only"),
)
MORPHOLOGY_VERSION = _codes(
    ("icdo30", "CIM-O-3.0", "ICD-O-3.0"),
    ("icdo31", "CIM-O-3.1", "ICD-O-3.1"),
    ("icdo32", "CIM-O-3.2", "ICD-O-3.2"),
)
LATERALITY = _codes(
    ("left", "gauche", "left"),
    ("right", "droite", "right"),
    ("bilateral", "bilatéral", "bilateral"),
    ("midline", "médian", "midline"),
    ("not_applicable", "sans objet", "not applicable"),
)
DEPTH = _codes(
    ("superficial", "superficielle", "superficial"),
    ("deep", "profonde", "deep"),
    ("both", "superficielle et profonde", "superficial and deep"),
    ("not_applicable", "sans objet", "not applicable"),
)
GRADE_SYSTEM = _codes(("fnclcc", "FNCLCC", "FNCLCC"), ("icdo", "CIM-O", "ICD-O"), ("other", "autre", "other"))
EXTENT = _codes(
    ("localised", "localisée", "localised"),
    ("locoregional", "loco-régionale", "locoregional"),
    ("metastatic", "métastatique", "metastatic"),
)
BIOPSY_KIND = _codes(
    ("fna", "cytoponction", "fine-needle aspiration"),
    ("core", "microbiopsie", "core needle biopsy"),
    ("incisional", "biopsie chirurgicale", "incisional biopsy"),
    ("excisional", "biopsie-exérèse", "excisional biopsy"),
)
MODALITY = _codes(
    ("mri", "IRM", "MRI"),
    ("ct", "scanner", "CT"),
    ("ultrasound", "échographie", "ultrasound"),
    ("xray", "radiographie", "X-ray"),
    ("pet", "TEP", "PET"),
    ("bone_scan", "scintigraphie osseuse", "bone scan"),
)
IMAGING_TARGET = _codes(
    ("primary", "tumeur primitive", "primary tumour"),
    ("chest", "thorax", "chest"),
    ("whole_body", "corps entier", "whole body"),
)
RCP_KIND = _codes(
    ("sarcoma_network", "RCP sarcome du réseau", "network sarcoma meeting"),
    ("resos", "RCP ResOs", "ResOs meeting"),
    ("local", "RCP locale", "local meeting"),
    ("molecular", "RCP moléculaire", "molecular meeting"),
    ("diagnostic_advice", "avis diagnostique", "diagnostic advice"),
)
RCP_REASON = _codes(
    ("diagnosis", "diagnostic", "diagnosis"),
    ("treatment", "proposition thérapeutique", "treatment proposal"),
    ("relapse", "rechute", "relapse"),
    ("follow_up", "suivi", "follow-up"),
)
CONCORDANCE = _codes(
    ("full", "concordance complète", "full concordance"),
    ("partial", "discordance partielle", "partial discordance"),
    ("complete", "discordance complète", "complete discordance"),
)
SURGERY_KIND = _codes(
    ("resection", "exérèse", "resection"),
    ("re_excision", "reprise d'exérèse", "re-excision"),
    ("excisional_biopsy", "biopsie-exérèse", "excisional biopsy"),
    ("unplanned_excision", "exérèse non planifiée", "unplanned excision"),
    ("amputation", "amputation", "amputation"),
    ("complication", "reprise pour complication", "surgery for complication"),
    ("metastasectomy", "métastasectomie", "metastasectomy"),
    ("exploratory", "exploration", "exploratory surgery"),
)
SURGERY_TARGET = _codes(
    ("primary", "tumeur primitive", "primary tumour"),
    ("relapse", "rechute", "relapse"),
    ("metastasis", "métastase", "metastasis"),
)
INTENT = _codes(("curative", "curative", "curative"), ("palliative", "palliative", "palliative"))
MARGIN = _codes(
    ("R0", "R0, marges saines", "R0, clear margins"),
    ("R1", "R1, résidu microscopique", "R1, microscopic residual"),
    ("R2", "R2, résidu macroscopique", "R2, macroscopic residual"),
    ("RX", "RX, non évaluable", "RX, not assessable"),
)
TREATMENT_KIND = _codes(
    ("radiotherapy", "radiothérapie", "radiotherapy"),
    ("systemic", "traitement systémique", "systemic treatment"),
    ("ilp", "perfusion de membre isolé", "isolated limb perfusion"),
    ("other", "autre", "other"),
)
TREATMENT_SETTING = _codes(
    ("neoadjuvant", "néoadjuvant", "neoadjuvant"),
    ("adjuvant", "adjuvant", "adjuvant"),
    ("definitive", "exclusif", "definitive"),
    ("palliative", "palliatif", "palliative"),
)
FOLLOW_UP_EVENT = _codes(
    ("last_news", "dernières nouvelles", "last news"),
    ("progression", "progression", "progression"),
    ("local_relapse", "rechute locale", "local relapse"),
    ("metastasis", "métastase", "metastasis"),
    ("second_cancer", "second cancer", "second cancer"),
)
DISEASE_STATUS = _codes(
    ("NED", "vivant sans maladie", "alive, no evidence of disease"),
    ("AWD", "vivant avec maladie", "alive with disease"),
    ("DOD", "décédé de la maladie", "dead of disease"),
    ("DOC", "décédé d'une autre cause", "dead of another cause"),
    ("DUC", "décédé de cause inconnue", "dead of unknown cause"),
    ("lost", "perdu de vue", "lost to follow-up"),
)
SEVERITY = _codes(
    ("fatal", "bloquante", "fatal"),
    ("error", "erreur", "error"),
    ("warning", "à vérifier", "warning"),
    ("info", "information", "information"),
)
RULE_OUTCOME = _codes(
    ("passed", "respectée", "passed"),
    ("failed", "non respectée", "failed"),
    ("not_applicable", "sans objet", "not applicable"),
    ("error", "non évaluée", "could not be evaluated"),
)
REASON_NOT_JUDGED = _codes(
    ("not_sent", "tables non transmises", "tables not sent"),
    ("no_row", "aucune ligne concernée", "no row concerned"),
    ("broken_condition", "condition en erreur", "condition in error"),
)
LINKAGE_MEASURE = _codes(
    ("pair_compared", "paires comparées", "pairs compared"),
    ("pair_decision", "paires jugées, par décision", "pairs judged, by decision"),
    ("pair_reason", "paires d'une décision, par motif", "pairs of a decision, by reason"),
    ("pair_weight", "paires d'une décision, par poids", "pairs of a decision, by weight"),
    ("pair_mean_weight", "poids moyen d'une décision", "mean weight of a decision"),
    ("person_size", "personnes, par nombre de dossiers", "persons, by number of records"),
    ("person_largest", "dossiers de la plus grande personne", "records of the largest person"),
    ("person_check", "personnes de plusieurs dossiers à surveiller", "persons of several records to watch"),
    (
        "record_check",
        "dossiers en double, connus ailleurs, à relire",
        "records repeated, known elsewhere, in review",
    ),
    ("question_reason", "questions ouvertes, par motif", "open questions, by reason"),
    (
        "trait_level",
        "paires liées, par niveau d'accord d'un trait",
        "pairs linked, by level of agreement of a trait",
    ),
    ("trait_drift", "écart d'un trait au modèle", "drift of a trait from the model"),
)
READING = _codes(
    ("initial", "première lecture", "first reading"),
    ("expert", "relecture RRePS", "expert second reading"),
    ("declared", "diagnostic déclaré", "declared diagnosis"),
)
CODING_METHOD = _codes(
    ("code", "code valide", "valid code"),
    ("migrated", "code d'une version antérieure", "code of an earlier version"),
    ("repaired", "code réparé", "repaired code"),
    ("label", "libellé exact", "exact label"),
    ("adicap", "code ADICAP", "ADICAP code"),
    ("none", "non codé", "not coded"),
)
REASON_UNKNOWN = _codes(
    ("no_statement", "aucune information", "no statement"),
    ("date_missing", "date manquante", "date missing"),
    ("date_overlap", "dates imprécises", "imprecise dates"),
    ("margin_unknown", "marge inconnue", "margin unknown"),
    ("facility_unknown", "établissement inconnu", "facility unknown"),
)
FACILITY_ROLE = _codes(
    ("reference", "centre de référence", "reference centre"),
    ("outside", "hors réseau", "outside the network"),
)
RULED_BY = _codes(  # what decided between the values of a trait
    ("only", "seule valeur écrite", "the only value written"),
    ("trust", "la plus sûre", "the most trusted"),
    ("frequency", "la plus fréquente", "the most frequent"),
    ("recency", "la plus récente", "the most recent"),
    ("order", "la première dans l'ordre des dossiers", "the first in the order of the records"),
)
