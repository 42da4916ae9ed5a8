"""One decision of a proposal: what was chosen, how sure we are, and why, in the words of the field."""

from dataclasses import dataclass

#: From this confidence on a proposal is taken without a question.
THRESHOLD = 0.5


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A key of the centre's file with its proposed value; `confidence` goes from 0 to 1."""

    key: str
    value: str
    confidence: float
    fr: str
    en: str

    @property
    def is_sure(self) -> bool:
        """True when nobody needs to be asked."""
        return self.confidence >= THRESHOLD


def given(key: str, value: str) -> Choice:
    """The choice of a person."""
    return Choice(key=key, value=value, confidence=1.0, fr="répondu", en="answered")
