"""The words that the portal says of the linkage, in French and English. What has no word shows its own name."""

from pipelines.comparisons import levels_of

Words = tuple[str, str]
DECISION_WORDS: dict[str, Words] = {
    "link": ("liées : une même personne", "linked: one person"),
    "review": ("à relire par un humain", "in review by a human"),
    "apart": ("écartées : deux personnes", "left apart: two persons"),
}
#: Short, for the heads of the chart.
DECISION_NAMES: dict[str, Words] = {
    "link": ("Liées", "Linked"),
    "review": ("À relire", "In review"),
    "apart": ("Écartées", "Left apart"),
}
#: The reasons of `pipelines/link/outcome.py`; the guards are those of `pipelines/link/guards.py`.
REASON_WORDS: dict[str, Words] = {
    "qualified": ("même INS qualifié", "same qualified INS"),
    "ins": ("même INS et traits compatibles", "same INS and compatible traits"),
    "human": ("décision humaine", "decision of a human"),
    "traits": ("cinq traits stricts égaux", "five strict traits equal"),
    "group": ("par un troisième dossier de la personne", "through a third record of the person"),
    "weight": ("poids seul", "weight alone"),
    "conflict": ("un troisième dossier s'y oppose", "a third record is against it"),
    "CL1": ("deux INS qualifiés différents", "two different qualified INS"),
    "CL2": ("décision humaine : deux personnes", "decision of a human: two persons"),
    "CL4": ("deux INS différents, non qualifiés tous les deux", "two different INS, not both qualified"),
    "CL5": (
        "prénoms de deux personnes : jumeaux, fratrie",
        "first names of two persons: twins, siblings",
    ),
    "CL6": ("sexe et prénoms différents", "sex and first names differ"),
    "CL7": ("acte après le décès de l'autre", "treated after the death of the other"),
    "CL8": ("quinze ans d'écart ou plus : parent et enfant", "fifteen years apart or more: parent and child"),
    "CL9": ("décisions humaines contradictoires", "decisions of humans that contradict each other"),
    "ML2": ("même INS, traits incompatibles", "same INS, incompatible traits"),
    "ML3": ("décision humaine contre deux INS qualifiés", "decision of a human against two qualified INS"),
    "two_ins": ("un dossier porte deux INS", "one record carries two INS"),
}
CHECK_WORDS: dict[str, Words] = {
    "other_centre": ("Dossiers connus aussi d'un autre centre", "Records also known to another centre"),
    "same_centre": ("Dossiers en double dans leur centre", "Records repeated within their centre"),
    "in_review": ("Dossiers à relire", "Records in review"),
}
PERSON_WORDS: dict[str, Words] = {
    "same_centre": (
        "Personnes à deux dossiers ou plus d'un même centre",
        "Persons with two or more records of one centre",
    ),
    "below_threshold": (
        "Personnes dont le poids moyen est sous le seuil",
        "Persons whose mean weight is below the threshold",
    ),
    "near_threshold": (
        "Personnes à moins de 3 bits au-dessus du seuil",
        "Persons less than 3 bits above the threshold",
    ),
}
TRAIT_WORDS: dict[str, Words] = {
    "birth_name": ("Nom de naissance", "Birth name"),
    "first_name": ("Prénoms", "First names"),
    "birth_date": ("Date de naissance", "Date of birth"),
    "birth_place": ("Lieu de naissance", "Place of birth"),
    "residence": ("Commune de résidence", "Commune of residence"),
    "sex": ("Sexe", "Sex"),
    "ins": ("INS", "INS"),
}
VERDICT_WORDS: dict[str, Words] = {
    "stable": ("stable", "stable"),
    "look": ("⚠ à regarder", "⚠ worth a look"),
    "act": ("⚠ à traiter", "⚠ to be dealt with"),
    "few": ("trop peu de paires", "too few pairs"),
}
VERDICT_OF_MODEL: dict[str, Words] = {
    "look": (
        "l'accord des paires liées s'écarte de ce que le modèle attend",
        "the agreement of the linked pairs departs from what the model expects",
    ),
    "act": (
        "le modèle ne décrit pas l'accord des paires liées",
        "the model does not describe the agreement of the linked pairs",
    ),
}


def level_words(trait: str, name: str) -> Words:
    """The words of a level of agreement of a trait; its name when the snapshot has one that is known no more."""
    known = {level.name: (level.fr, level.en) for level in levels_of(trait)}
    return known.get(name, (name, name))


def words(of: dict[str, Words], name: str) -> Words:
    """The words of a name; the name itself when there are none."""
    return of.get(name, (name, name))
