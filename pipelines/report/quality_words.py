"""How the quality portal groups the rules, and the words it says of them in French and English."""

from validations.rules.catalogue import CATALOGUE, FAMILIES

Words = tuple[str, str]
#: The quality dimensions, after Kahn et al. 2016: name, then what a rule of it asks.
DIMENSIONS: dict[str, tuple[Words, Words]] = {
    "completeness": (
        ("Complétude", "Completeness"),
        ("ce qui devrait être rempli l'est", "what should be filled in is"),
    ),
    "conformance": (
        ("Conformité au format", "Conformance"),
        ("la valeur a la forme, le code ou le lien attendus", "a value has the expected form, code or link"),
    ),
    "plausibility": (
        ("Plausibilité", "Plausibility"),
        ("les valeurs sont possibles et s'accordent entre elles", "values are possible and agree with one another"),
    ),
}  # fmt: skip
_FAMILY_WORDS: dict[str, Words] = {
    "contract": ("Format des fichiers", "File format"),
    "identity": ("Identité", "Identity"),
    "history": ("Antécédents", "History"),
    "diagnosis": ("Diagnostic", "Diagnosis"),
    "pathology": ("Anapath", "Pathology"),
    "rcp": ("RCP", "Tumour boards"),
    "surgery": ("Chirurgie", "Surgery"),
    "treatment": ("Traitements", "Treatment"),
    "follow_up": ("Suivi", "Follow-up"),
    "dates": ("Dates", "Dates"),
    "pathway": ("Parcours de soins", "Care pathway"),
    "repeats": ("Doublons", "Repeats"),
    "site": ("Siège de la tumeur", "Tumour site"),
    "compatibility": ("Âge, sexe et grade", "Age, sex and grade"),
}
#: The rule families in the order of the catalogue; one that has no words yet shows its own name.
FAMILY_WORDS: dict[str, Words] = {
    name: _FAMILY_WORDS.get(name, (name, name))
    for name in (family.__name__.rpartition(".")[2] for family in FAMILIES)
}
SEVERITY_MEANING: dict[str, Words] = {
    "fatal": ("Le dépôt ne peut pas être utilisé.", "The delivery cannot be used."),
    "error": ("La donnée est certainement fausse.", "The data are certainly wrong."),
    "warning": (
        "La donnée est probablement fausse : à vérifier.",
        "The data are probably wrong: to be checked.",
    ),
    "info": (
        "Compté pour information ; rien n'est demandé au centre.",
        "Counted for information; nothing is asked of the centre.",
    ),
}
CONSEQUENCE: dict[str, Words] = {
    "reject": (
        "La ligne est mise à part jusqu'à correction ; elle n'entre dans aucun chiffre.",
        "The row is set aside until it is corrected; it enters no figure.",
    ),
    "hold": (
        "La valeur est tenue pour manquante ; le reste de la ligne est gardé.",
        "The value counts as missing; the rest of the row is kept.",
    ),
    "flag": (
        "La ligne est gardée telle quelle ; seule l'anomalie est signalée.",
        "The row is kept as it is; only the finding is reported.",
    ),
}
SIGN_OFF: dict[str, Words] = {
    "cited": ("règle publiée, citée", "published rule, cited"),
    "proposal": ("proposition, à valider par un clinicien", "proposal, to be signed off by a clinician"),
}
OUTCOMES: dict[str, Words] = {
    "failed": ("non respectée", "not met"),
    "passed": ("respectée", "met"),
    "not_applicable": ("aucune ligne concernée", "no row concerned"),
    "not_sent": ("données non transmises", "data not sent"),
    "error": ("n'a pas pu être évaluée", "could not be evaluated"),
}
ASKED_NAME, COUNTED_NAME = "asked", "counted"
FAMILY_OF = {rule.id: family.__name__.rpartition(".")[2] for family in FAMILIES for rule in family.RULES}
DIMENSION_OF = {rule.id: rule.kahn.value.partition(".")[0] for rule in CATALOGUE.values()}
#: What a centre is asked to correct, and what is only counted.
ASKED = {
    rule.id: COUNTED_NAME if rule.severity.value == "info" else ASKED_NAME for rule in CATALOGUE.values()
}
#: The sums over rules that the portal prints; the names of all kinds differ.
GROUPS = {"dimension": DIMENSION_OF, "family": FAMILY_OF, "asked": ASKED}
STANDING_WORDS: dict[str, Words] = {
    "new": ("nouvelles", "new"),
    "persisting": ("persistantes", "persisting"),
    "verified": ("vérifiées exactes", "verified correct"),
    "fixed": ("corrigées", "fixed"),
    "obsolete": ("disparues", "vanished"),
}
