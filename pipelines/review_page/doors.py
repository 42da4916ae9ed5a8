"""Every request passes the gate before any page sees it, and every answer forbids what a page may do elsewhere."""

from flask import Flask, Response, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from pipelines.review_page.gate import Gate
from pipelines.review_page.words import LANGUAGE_COOKIE

#: Our own style and forms, nothing else: no script, no frame, no image, no address of another.
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def close_doors(app: Flask, gate: Gate) -> None:
    """Let in who the gate knows, and nobody else; set the headers of every answer, refusals too."""

    @app.before_request
    def admit() -> ResponseReturnValue | None:
        if request.headers.get("Host") != gate.host:
            abort(403, "host")
        if request.path == "/" and request.method == "GET" and "token" in request.args:
            return _enter(gate, request.args["token"])
        if not gate.knows(request.cookies.get(gate.cookie)):
            abort(403, "session")
        is_reading = request.method in ("GET", "HEAD")
        if not is_reading and not _is_own_form(gate):
            abort(403, "form")
        return None

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.args.get("lang") in ("fr", "en"):
            response.set_cookie(LANGUAGE_COOKIE, g.lang, httponly=True, samesite="Strict")
        return response


def _is_own_form(gate: Gate) -> bool:
    word, headers = request.form.get("form_word"), request.headers
    return gate.is_own_form(word, origin=headers.get("Origin"), site=headers.get("Sec-Fetch-Site"))


def _enter(gate: Gate, token: str) -> Response:
    """The session for the first that brings the token. The page leads on: a redirection could lose the new cookie."""
    if not gate.exchange(token):
        abort(403, "spent" if gate.is_spent(token) else "token")
    response = make_response(render_template("enter.html.j2"))
    response.set_cookie(gate.cookie, gate.session, httponly=True, samesite="Strict")
    return response
