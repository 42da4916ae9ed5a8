"""A centre's words for codes and for yes and no, compared without case, accents or double spaces.

The canonical code itself is always understood. An unknown word is never mapped by resemblance: it becomes missing.
"""

from collections.abc import Iterable, Mapping

from pipelines.config_checks import compared_word
from pipelines.stage.columns import BLANK, Reading
from validations.contracts.model import Field, Kind
from validations.rules.contract import UNKNOWN_WORD

#: What means yes or no in every hospital, in compared form; a centre's own words come after and win. A cross is not
#: here: some centres tick what is known, not what is true. Workbooks have true and false cells, read as 1 or 0.
_BOOLEANS = dict.fromkeys(("yes", "y", "oui", "o", "vrai", "true", "1"), True) | dict.fromkeys(
    ("no", "n", "non", "faux", "false", "0"), False
)


def vocabulary(field: Field, values: Mapping[str, Mapping[str, Iterable[str]]]) -> dict[str, str | bool]:
    """Every word a centre may use for a field, in compared form, with the code it stands for."""
    if field.kind is Kind.BOOLEAN:
        words: dict[str, str | bool] = {**_BOOLEANS}
        for code, stated in values.get("boolean", {}).items():
            words |= {compared_word(word): code == "yes" for word in stated}
        return words
    words = {compared_word(code): code for code in field.code_values}
    for code, stated in values.get(field.name, {}).items():
        words |= {compared_word(word): code for word in stated}
    return words


def parse_word(text: str, *, words: Mapping[str, str | bool]) -> Reading:
    """The code a word stands for, or the rule it breaks.

    >>> parse_word("OUI", words={"oui": True}).value
    True
    """
    word = compared_word(text)
    if not word:
        return BLANK
    return Reading(words[word]) if word in words else Reading(problem=UNKNOWN_WORD)
