"""French first, English when the reader asks for it, once and for the whole visit."""

import time
from urllib.parse import urlencode

from flask import g, request

from pipelines.link.decisions import Verdict
from pipelines.review_answers import ANSWERS
from pipelines.review_queue import REASONS

LANGUAGE_COOKIE = "reseau_lang"
_REVOKED = ("décision levée", "decision lifted")


def choose_language() -> None:
    """Remember for this request the language that its address asks for, or that an earlier one asked for."""
    g.began = time.perf_counter()
    asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    g.lang = "en" if asked == "en" else "fr"


def say(fr: str | tuple[str, str], en: str = "") -> str:
    """The words in the language of the reader; both may come as one pair."""
    both = (fr, en) if isinstance(fr, str) else fr
    return both[1] if g.lang == "en" else both[0]


def said_words(verdict: str) -> str:
    """What was said of a pair, in the language of the reader."""
    return say(_REVOKED if verdict == Verdict.REVOKED else ANSWERS[Verdict(verdict)])


def words_of_reason(reason: str) -> str:
    """Why a pair is asked, in the language of the reader."""
    return say(REASONS.get(reason, (reason, reason)))


def other_language() -> str:
    """The address of this page in the other language."""
    kept = {name: value for name, value in request.args.items() if name not in ("lang", "kept", "token")}
    return f"{request.path}?{urlencode({**kept, 'lang': 'fr' if g.lang == 'en' else 'en'})}"
