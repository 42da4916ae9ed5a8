"""What a reader sees when something is refused or breaks: never a value, never where in the code."""

import traceback

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from pipelines import log
from pipelines.errors import RegistryError

_AGAIN = (
    "Relancez `reseau serve` et ouvrez la nouvelle adresse.",
    "Start `reseau serve` again and open the new address.",
)
REFUSALS: dict[str, tuple[str, str]] = {
    "host": ("Cette page ne répond qu'à sa propre adresse.", "This page answers to its own address only."),
    "token": (f"Cette adresse n'est pas valable. {_AGAIN[0]}", f"This address is not valid. {_AGAIN[1]}"),
    "spent": (
        "Cette adresse a déjà servi : elle ne s'ouvre qu'une fois. Si ce n'était pas vous, prévenez votre responsable. "
        + _AGAIN[0],
        "This address was used already: it opens only once. If that was not you, tell your supervisor. "
        + _AGAIN[1],
    ),
    "session": (
        f"Cette page n'est ouverte qu'au navigateur qui a utilisé l'adresse affichée. {_AGAIN[0]}",
        f"This page is open only to the browser that used the address shown. {_AGAIN[1]}",
    ),
    "form": (
        "Ce formulaire ne vient pas de cette page : rien n'a été enregistré.",
        "This form does not come from this page: nothing was recorded.",
    ),
}
_BY_STATUS: dict[int, tuple[str, str]] = {
    404: (
        "Il n'y a rien ici : la paire n'est plus dans la file, ou l'adresse est fausse.",
        "There is nothing here: the pair is no longer in the queue, or the address is wrong.",
    ),
    413: ("Ce qui a été envoyé est trop long.", "What was sent is too long."),
}
_REFUSED = ("Cette demande n'est pas acceptée.", "This request is not accepted.")
_BROKEN = (
    "Quelque chose n'a pas fonctionné ; rien n'a été enregistré. Si une exécution est en cours, attendez sa fin.",
    "Something did not work; nothing was recorded. If a run is at work, wait until it ends.",
)


def tell_problems(app: Flask) -> None:
    """Every refusal and every error gets a page of its own."""

    @app.errorhandler(HTTPException)
    def refuse(problem: HTTPException) -> ResponseReturnValue:
        status = problem.code or 500
        known = REFUSALS.get(problem.description or "")
        return _page(known or _BY_STATUS.get(status, _REFUSED), status)

    @app.errorhandler(RegistryError)
    def stop(problem: RegistryError) -> ResponseReturnValue:
        _note(problem)
        return _page(_BROKEN, 503, detail=f"{problem.what}. {problem.remedy}")  # our errors hold no value

    @app.errorhandler(Exception)
    def break_down(problem: Exception) -> ResponseReturnValue:
        _note(problem)
        return _page(_BROKEN, 500)


def _note(problem: Exception) -> None:
    """Log the kind of an error and where it was raised; its message may hold a value."""
    [*_, place] = traceback.extract_tb(problem.__traceback__)
    log.failure(
        "request", error=type(problem).__name__, at=f"{place.filename.rpartition('/')[2]}:{place.lineno}"
    )


def _page(words: tuple[str, str], status: int, *, detail: str = "") -> ResponseReturnValue:
    is_inside = status not in (403,)
    g.setdefault("lang", "fr")
    return render_template("problem.html.j2", words=words, detail=detail, is_inside=is_inside), status
