"""Who may come in: the one browser that was first to bring the token of the printed address.

The page listens on this machine only, but so do other programs, and a page of the Internet can make a browser ask
anything of it: hence the token, the session, the name of the host, the origin and the word in each form.
"""

import hmac
import secrets
import threading
from dataclasses import dataclass, field

from pipelines.io.local_server import ADDRESS


def _word() -> str:
    return secrets.token_urlsafe(32)


def _same(given: str | None, expected: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())


@dataclass
class Gate:
    """The secrets of one serving; nothing of them is ever written down."""

    port: int
    token: str = field(default_factory=_word, repr=False)
    session: str = field(default_factory=_word, repr=False)
    form_word: str = field(default_factory=_word, repr=False)
    _is_used: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def host(self) -> str:
        """The only host that a request may name."""
        return f"{ADDRESS}:{self.port}"

    @property
    def address(self) -> str:
        """What to open, once."""
        return f"http://{self.host}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The name of the session's cookie: cookies are shared by all ports of a host."""
        return f"reseau_session_{self.port}"

    def exchange(self, token: str) -> bool:
        """True for the first that brings the token; False for everybody after, and for another token."""
        with self._lock:
            is_first = not self._is_used and _same(token, self.token)
            self._is_used = self._is_used or is_first
            return is_first

    def is_spent(self, token: str) -> bool:
        """True when this is the token, but somebody brought it already."""
        return self._is_used and _same(token, self.token)

    def knows(self, session: str | None) -> bool:
        """True for the browser that came in."""
        return _same(session, self.session)

    def is_own_form(self, word: str | None, *, origin: str | None, site: str | None) -> bool:
        """True when a form of ours was sent by a page of ours.

        `origin` and `site` are the headers Origin and Sec-Fetch-Site. A page without referrer sends its origin as
        `null`: then the browser itself has to say that the site is the same, which no page can make it say.
        """
        is_ours = origin == f"http://{self.host}" and site in (None, "same-origin")
        is_hidden = origin in (None, "null") and site == "same-origin"
        return (is_ours or is_hidden) and _same(word, self.form_word)
