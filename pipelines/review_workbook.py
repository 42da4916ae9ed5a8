"""The review workbook: one line per pair, each trait of the two records one above the other, a place for the decision.

It holds identities of several centres: it is for the reviewers of the network alone and never leaves its zone.
"""

from typing import Any

from pipelines.io.report_files import Column, Sheet
from pipelines.link.decisions import Verdict
from pipelines.review_answers import ANSWER, ANSWERS, COMMENT, REFERENCE
from pipelines.review_queue import REASONS, SHOWN, Question
from pipelines.review_words import FIELDS, STATES, bits, sentence

_CHOICES = tuple(fr for fr, _ in ANSWERS.values())
_COLUMNS = (
    Column("Question", "text", 34),
    Column("Poids (bits)\nWeight (bits)", "plain", 9),
    Column("Centre", "text", 18),
    Column("Patient (identifiant local)\nPatient (local id)", "text", 16),
    *(Column(f"{FIELDS[name].fr}\n{FIELDS[name].en}", "text", 18) for name in SHOWN),
    Column("Diffèrent\nDiffer", "text", 22),
    Column("Ce que pèse chaque trait (bits)", "text", 48),
    Column("Dernière réponse\nLast answer", "text", 16),
    Column(f"{ANSWER}\nYour decision", "text", 22, _CHOICES),
    Column(f"{COMMENT}\nYour reason", "text", 30),
    Column("Question (English)", "text", 34),
    Column("What each trait weighs (bits)", "text", 48),
    Column(f"{REFERENCE} (ne pas modifier)\nReference (do not change)", "text", 34),
)
_ABSENT = "—"
_HELP = (
    ("Ce classeur", "Une ligne par paire de dossiers ; dans chaque case, le premier dossier au-dessus du second.",
     "This workbook", "One line per pair of records; in each cell the first record is above the second."),
    ("Décider", "Choisir dans la liste de la colonne « Votre décision » ; laisser vide ce qui attend.",
     "Decide", "Choose from the list of column “Votre décision”; leave empty what can wait."),
    ("Même personne", "Réunit les deux personnes à la prochaine exécution, sauf deux INS qualifiés différents.",
     "Same person", "Joins the two persons at the next run, unless they carry two different qualified INS."),
    ("Personnes différentes", "Elles ne seront plus jamais réunies, ni redemandées.",
     "Different persons", "They will never be joined, nor asked again."),
    ("Poids", "En bits : +1 double la vraisemblance d'une même personne, −1 la divise par deux. La somme est le poids.",
     "Weights", "In bits: +1 doubles the odds of one person, −1 halves them. Their sum is the weight of the pair."),
    ("Désaccord", "Une décision contraire à une ancienne attend la confirmation d'une seconde personne.",
     "Disagreement", "A decision against an earlier one waits until a second person confirms it."),
)  # fmt: skip


def workbook_sheets(asked: list[Question]) -> list[Sheet]:
    """The questions, likeliest first, and how to answer them."""
    help_columns = (Column("", "text", 22), Column("Mode d'emploi", "text", 80), Column("", "text", 22),
                    Column("How to use it", "text", 80))  # fmt: skip
    return [
        Sheet("À décider", _COLUMNS, [_row(question) for question in asked]),
        Sheet("Mode d'emploi", help_columns, _HELP, is_table=False),
    ]


def _row(question: Question) -> tuple[Any, ...]:
    fr, en = REASONS.get(question.reason, (question.reason, question.reason))
    centres, patients = zip(question.left, question.right, strict=True)
    answer = ANSWERS[Verdict(question.answer)] if question.answer else None
    return (
        fr,
        None if question.weight is None else round(question.weight, 1),
        _above(*centres),
        _above(*patients),
        *(_above(*pair) for pair in question.traits),
        _differences(question),
        _weighed(question, 0),
        " · ".join(answer) if answer else None,
        None,
        None,
        en,
        _weighed(question, 1),
        question.reference,
    )


def _weighed(question: Question, language: int) -> str | None:
    """A sentence per trait, in French (0) or English (1); what neither says for nor against is left out."""
    return (
        "\n".join(sentence(part)[language] for part in question.parts if bits(part.weight)[0] != "0") or None
    )


def _above(left: Any, right: Any) -> str:
    return f"{_text(left)}\n{_text(right)}"


def _text(value: Any) -> str:
    return _ABSENT if value is None else f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


def _differences(question: Question) -> str | None:
    """The traits that both records have and that are not written alike."""
    found = [
        FIELDS[name].fr
        for name, (left, right) in zip(SHOWN, question.traits, strict=True)
        if name not in STATES
        and left is not None
        and right is not None
        and str(left).casefold() != str(right).casefold()
    ]
    return ", ".join(found) or None
