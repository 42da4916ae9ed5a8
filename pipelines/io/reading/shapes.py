"""What the text of a cell looks like: a number, a date, a word.

Shapes tell a header from its records and show whether a separator cuts a line into things that mean something. No value
is ever converted here.
"""

import re
from functools import lru_cache
from typing import Final

NUMBER: Final = "number"
DATE: Final = "date"
TIME: Final = "time"
LINK: Final = "link"
CODE: Final = "code"
TEXT: Final = "text"
EMPTY: Final = "empty"
#: Shapes that a title of a column hardly ever has.
TYPED: Final = frozenset({NUMBER, DATE, TIME, LINK})

_LONGEST = 200
_SEPARATORS = frozenset(";\t|~^\x01\x1c\x1d\x1e\x1f")
_NUMBER = re.compile(
    r"[-+(]?\s?[$€£¥]?\s?[-+]?(?:\d{1,3}(?:[ \xa0\u202f',.]\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s?"
    r"(?:%|‰|€|\$|£|¥|[kKM]€|EUR|USD)?\)?"
)
_DATE = re.compile(
    r"(?:\d{1,4}([-/. ])\d{1,2}\1\d{1,4}|\d{1,2}[-/. ]?[A-Za-zéûÉÛ]{3,9}\.?[-/. ,]{0,2}\d{2,4}"
    r"|(?:19|20)\d{2}[-/]\d{1,2}|(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})"
    r"(?:[T ,]\s?\d{1,2}[:h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?(?:[AaPp][Mm])?(?:Z|[-+]\d{2}:?\d{2})?)?"
)
_TIME = re.compile(r"\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?)?")
_LINK = re.compile(r"(?:[a-z][a-z+]{1,9}://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
_CODE = re.compile(r"(?=[^\d]*\d)[\w./+#-]{1,40}")
_WORDS = re.compile(r"[^\W_](?:(?:[\w \xa0'’.&/()+°%#*?!-]|:(?= ))*[\w)%.?!*°+])?")


@lru_cache(maxsize=65536)
def shape(text: str) -> str:
    """The shape of a cell, spaces around it aside.

    >>> [shape(t) for t in ("1 234,50", "03/04/2019", "8:30", "M8850/3", "Âge", " ")]
    ['number', 'date', 'time', 'code', 'text', 'empty']
    """
    text = text.strip()
    if not text:
        return EMPTY
    if len(text) > _LONGEST:
        return TEXT
    if any(c.isdigit() for c in text):
        for name, pattern in ((NUMBER, _NUMBER), (DATE, _DATE), (TIME, _TIME), (LINK, _LINK), (CODE, _CODE)):
            if pattern.fullmatch(text):
                return name
        return TEXT
    return LINK if _LINK.fullmatch(text) else TEXT


@lru_cache(maxsize=65536)
def credit(text: str) -> float:
    """How well a text stands as one cell, from 0 to 1: typed shapes best, left-over separators and quotes worst.

    >>> credit("12,5") > credit("Lyon; 12") > credit('"Lyon')
    True
    """
    if any(c in _SEPARATORS for c in text):
        return 0.9 if "," not in text and _LINK.fullmatch(text) else 0.15
    kind = shape(text)
    if kind in TYPED or kind == CODE:
        return 1.0
    if kind == EMPTY:
        return 0.6
    text = text.strip()
    if len(text) <= _LONGEST and _WORDS.fullmatch(text):
        return 0.9
    if text[0] in "\"'" or text[-1] == '"':
        return 0.0
    return 0.2 if '"' in text else 0.3 if re.search(r",(?! )", text) else 0.6
