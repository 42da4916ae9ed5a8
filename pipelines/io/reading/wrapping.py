"""What programs put around the lines of a table: a hint of the separator, an end sign, quotes around each."""

import re
from collections.abc import Sequence

_HINT = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
_WRAPPED = re.compile(r'"(?:[^"]|"")*"')
_END_SIGN = "\x1a"
_LEAST_SHARE = 0.95


def without_end_sign(text: str) -> str:
    r"""The text without the sign that old programs write at the end of a file.

    >>> without_end_sign("a;b\n\x1a")
    'a;b\n'
    """
    return text.removesuffix(_END_SIGN)


def separator_hint(lines: Sequence[str]) -> str | None:
    r"""The separator that the first line announces to a spreadsheet program.

    >>> separator_hint(["sep=;\r\n", "a;b\r\n"])
    ';'
    """
    found = _HINT.fullmatch(lines[0]) if lines else None
    return found.group(1) if found else None


def unwrapped(lines: Sequence[str]) -> list[str] | None:
    r"""The lines without the quotes around each whole line; None when they are not all so.

    >>> unwrapped(['"a,b"\n', '"1,2"\n'])
    ['a,b\n', '1,2\n']
    """
    filled = [line.rstrip("\r\n") for line in lines if line.strip()]
    n_wrapped = sum(bool(_WRAPPED.fullmatch(line)) for line in filled)
    if not filled or n_wrapped < _LEAST_SHARE * len(filled):
        return None
    return [_without_quotes(line) for line in lines]


def _without_quotes(line: str) -> str:
    text = line.rstrip("\r\n")
    end = line[len(text) :]
    return text[1:-1].replace('""', '"') + end if _WRAPPED.fullmatch(text) else line
