"""The pages of the review queue: the queue, a pair, the form, and the published reports beside them.

No script at all, no address but our own, and no page for a request that the gate does not know.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined

from pipelines import log
from pipelines.io.local_server import LARGEST_REQUEST
from pipelines.review_answers import ANSWERS, PROBLEMS
from pipelines.review_page.desk import (
    LONGEST_AUTHOR,
    LONGEST_COMMENT,
    SLIPS,
    Desk,
    Form,
    Slip,
    counts,
    following,
    of_reason,
)
from pipelines.review_page.doors import close_doors
from pipelines.review_page.gate import Gate
from pipelines.review_page.problems import tell_problems
from pipelines.review_page.reports import add_reports, report_links
from pipelines.review_page.shown import rows, start, who
from pipelines.review_page.words import choose_language, other_language, said_words, say, words_of_reason
from pipelines.review_queue import Question
from pipelines.review_words import bits, written

PAGE_ROWS = 100


def make_app(desk: Desk, *, gate: Gate, reports: Path | None) -> Flask:
    """The application that answers the requests of one browser; `reports` is a folder of published pages."""
    app = Flask(__name__, static_folder="static")
    app.jinja_options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.logger.disabled = True  # it would print the message of an error, which may hold a value
    app.jinja_env.globals.update(
        t=say,
        other_language=other_language,
        bits=bits,
        written=written,
        said_words=said_words,
        reason_words=words_of_reason,
        answers=ANSWERS,
        form_word=gate.form_word,
        network=desk.registry.network,
        links=report_links(reports),
        longest=(LONGEST_AUTHOR, LONGEST_COMMENT),
    )
    app.jinja_env.filters["who"] = who
    app.before_request(choose_language)
    close_doors(app, gate)
    tell_problems(app)
    add_reports(app, reports)
    _add_queue(app, desk)
    _add_pair(app, desk)
    app.after_request(_log)
    return app


def _log(response: Response) -> Response:
    """One line per request: the route, never the address, whose query could hold anything."""
    spent = round(1000 * (time.perf_counter() - g.began))
    log.step(
        "request",
        method=request.method,
        route=str(request.url_rule or ""),
        status=response.status_code,
        ms=spent,
    )
    return response


def _reason(asked: Sequence[Question]) -> str | None:
    """The reason that the reader filters by, if there is a question of it."""
    wanted = request.args.get("reason")
    return wanted if any(question.reason == wanted for question in asked) else None


def _add_queue(app: Flask, desk: Desk) -> None:
    @app.get("/")
    def queue() -> ResponseReturnValue:
        asked = desk.asked()
        reason = _reason(asked)
        chosen = of_reason(asked, reason)
        last = max(0, (len(chosen) - 1) // PAGE_ROWS)
        page = min(max(request.args.get("page", 0, type=int), 0), last)
        return render_template(
            "queue.html.j2",
            asked=asked,
            chosen=chosen,
            shown=list(enumerate(chosen, start=1))[page * PAGE_ROWS : (page + 1) * PAGE_ROWS],
            counts=counts(asked),
            reason=reason,
            page=page,
            last_page=last,
            first=following(chosen, ""),
        )


def _add_pair(app: Flask, desk: Desk) -> None:
    @app.get("/pair/<reference>")
    def pair(reference: str) -> ResponseReturnValue:
        return _pair_page(desk, reference, Form(answer="", author=desk.author, comment=""), None)

    @app.post("/pair/<reference>")
    def decide(reference: str) -> ResponseReturnValue:
        form = Form(**{name: _text(name) for name in ("answer", "author", "comment")})
        problem = desk.keep(reference, form)
        if problem is not None:
            words = SLIPS[problem] if isinstance(problem, Slip) else PROBLEMS[problem]
            code = 409 if problem is Slip.RUN_AT_WORK else 422
            return make_response(_pair_page(desk, reference, form, words), code)
        log.step("decide", network=desk.registry.network.id, reference=reference)
        reason = _reason(desk.asked())
        then = following(of_reason(desk.asked(), reason), reference)
        if then is None:
            return redirect(url_for("queue", reason=reason, kept=form.answer), 303)
        return redirect(url_for("pair", reference=then.reference, reason=reason, kept=form.answer), 303)


def _text(name: str) -> str:
    """A field of the form on its own lines, without the characters that only a machine sends."""
    written = request.form.get(name, "").replace("\r\n", "\n")
    return "".join(sign for sign in written if sign == "\n" or sign.isprintable()).strip()


def _pair_page(desk: Desk, reference: str, form: Form, problem: tuple[str, str] | None) -> str:
    asked = desk.asked()
    reason = _reason(asked)
    chosen = of_reason(asked, reason)
    place = next((rank for rank, one in enumerate(chosen) if one.reference == reference), None)
    if place is None:
        abort(404)
    return render_template("pair.html.j2", **_facts(chosen, place), form=form, problem=problem, reason=reason)


def _facts(chosen: Sequence[Question], place: int) -> dict[str, Any]:
    question = chosen[place]
    return {
        "question": question,
        "rows": rows(question),
        "start": start(question),
        "place": place + 1,
        "count": len(chosen),
        "before": chosen[place - 1] if place else None,
        "after": chosen[place + 1] if place + 1 < len(chosen) else None,
    }
