"""Why a diagnosis was decided or left to a person, in French and in English. A value is never quoted."""

from typing import Final

#: reason → (French, English)
REASONS: Final = {
    "by_code": (
        "le code de morphologie est valide et rien ne le contredit",
        "the morphology code is valid and nothing contradicts it",
    ),
    "by_repaired": (
        "le code abîmé n'a qu'une lecture, confirmée",
        "the damaged code has one reading, confirmed",
    ),
    "by_migrated": (
        "le code ancien a un seul successeur en CIM-O-3.2",
        "the old code has one successor in ICD-O-3.2",
    ),
    "by_label": ("le libellé désigne un seul diagnostic", "the label names one diagnosis"),
    "by_family": (
        "un mot du libellé désigne cette famille de tumeurs",
        "a word of the label names this family of tumours",
    ),
    "by_adicap": ("la lésion ADICAP désigne un seul diagnostic", "the ADICAP lesion names one diagnosis"),
    "scope_benign": (
        "tumeur bénigne : hors du périmètre du réseau",
        "a benign tumour: outside the scope of the network",
    ),
    "scope_not_sarcoma": (
        "tumeur d'une autre famille (carcinome, lymphome, mélanome…) : hors du périmètre",
        "a tumour of another family (carcinoma, lymphoma, melanoma…): outside the scope",
    ),
    "scope_sarcoma": (
        "sarcome, que le périmètre de ce réseau exclut",
        "a sarcoma, which the scope of this network excludes",
    ),
    "scope_intermediate": (
        "malignité intermédiaire, que le périmètre de ce réseau exclut",
        "intermediate malignancy, which the scope of this network excludes",
    ),
    "too_vague": (
        "tumeur sans type histologique : le périmètre ne peut pas être décidé",
        "a tumour without a histological type: the scope cannot be decided",
    ),
    "nothing_stated": ("rien n'est dit du diagnostic", "nothing is said of the diagnosis"),
    "label_unknown": ("le libellé n'est pas dans le dictionnaire", "the label is not in the dictionary"),
    "label_broad": ("le libellé couvre plusieurs diagnostics", "the label covers several diagnoses"),
    "label_long": (
        "le texte est un compte rendu, pas un libellé : il peut parler de plusieurs tumeurs",
        "the text is a report, not a label: it may speak of several tumours",
    ),
    "label_hedged": ("le libellé exprime un doute", "the label expresses a doubt"),
    "label_negated": ("le libellé nie un diagnostic", "the label denies a diagnosis"),
    "label_history": ("le libellé parle d'un antécédent", "the label speaks of a past disease"),
    "label_differential": (
        "le libellé hésite entre plusieurs diagnostics",
        "the label hesitates between several diagnoses",
    ),
    "code_damaged": (
        "le code de morphologie est abîmé, plusieurs lectures sont possibles",
        "the morphology code is damaged, several readings are possible",
    ),
    "code_several": (
        "plusieurs codes de morphologie dans une cellule",
        "several morphology codes in one cell",
    ),
    "code_unreadable": ("ce n'est pas un code de morphologie", "this is no morphology code"),
    "code_unknown": (
        "ce code de morphologie n'existe pas dans nos tables",
        "this morphology code is not in our tables",
    ),
    "code_misplaced": (
        "un code est dans la colonne d'un autre système",
        "a code stands in the column of another system",
    ),
    "version_or_label_needed": (
        "le sens de ce code a changé : il faut la version ou un libellé",
        "the meaning of this code has changed: the version or a label is needed",
    ),
    "predisposition_nf1": (
        "la neurofibromatose est une prédisposition, pas une tumeur",
        "neurofibromatosis is a predisposition, not a tumour",
    ),
    "adicap_unknown": (
        "la lésion ADICAP n'est pas une tumeur de notre table",
        "the ADICAP lesion is no tumour of our table",
    ),
    "adicap_broad": (
        "la lésion ADICAP couvre plusieurs diagnostics",
        "the ADICAP lesion covers several diagnoses",
    ),
    "codings_disagree": ("les codages se contredisent", "the codings contradict one another"),
    "icd10_disagrees": ("la CIM-10 contredit le diagnostic", "ICD-10 contradicts the diagnosis"),
    "site_disagrees": (
        "à ce siège, ce libellé peut désigner une autre tumeur",
        "at this site, the label may mean another tumour",
    ),
    "site_code_unreadable": ("le code de siège est illisible", "the site code cannot be read"),
    "site_unknown": ("le siège n'est pas reconnu", "the site is not recognised"),
}


def in_words(reasons: tuple[str, ...], *, lang: str) -> str:
    """One sentence for all the reasons of an answer, in `fr` or `en`.

    >>> in_words(("label_hedged", "site_unknown"), lang="en")
    'the label expresses a doubt; the site is not recognised'
    """
    place = 1 if lang == "en" else 0
    return (" ; ", "; ")[place].join(REASONS[reason][place] for reason in dict.fromkeys(reasons))
