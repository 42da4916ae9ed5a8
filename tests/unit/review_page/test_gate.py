"""Who is refused: everybody but the browser that brought the token, and what another page makes it ask."""

import pytest

from pipelines.review_page.gate import Gate
from tests.small_network import NETWORK
from tests.unit.review_page.conftest import HERE, PORT, Site

OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}


def test_the_first_to_bring_the_token_gets_the_session_and_nobody_after(site: Site):
    again, other = site.get(f"/?token={site.gate.token}"), site.stranger()
    assert (again.status_code, "a déjà servi" in again.text) == (403, True)
    late = other.get(f"/?token={site.gate.token}&lang=en", base_url=HERE)
    assert (late.status_code, "used already" in late.text) == (403, True)
    assert other.get("/", base_url=HERE).status_code == 403
    assert site.get("/").status_code == 200


def test_the_cookie_is_for_this_browser_alone():
    """Read by no script, sent by no other site, forgotten with the browser."""
    from flask import Flask

    from pipelines.review_page.doors import close_doors
    from pipelines.review_page.words import choose_language, say

    app, gate = Flask("pipelines.review_page.app"), Gate(PORT)
    app.before_request(choose_language)
    app.jinja_env.globals["t"] = say
    close_doors(app, gate)
    response = app.test_client().get(gate.address)
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith(f"reseau_session_{PORT}={gate.session}; ")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=Strict"}
    assert gate.token not in response.text


@pytest.mark.parametrize(
    "path", ["/", "/?token=", "/?token=x", "/pair/x", "/reports/rapport.html", "/static/page.css", "/nowhere"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_a_stranger_sees_nothing(site: Site, method: str, path: str):
    response = site.stranger().open(path, method=method, base_url=HERE, headers=OURS)
    assert response.status_code == 403
    assert not [word for word in ("PETIT", "JEAN", NETWORK, site.gate.form_word) if word in response.text]


@pytest.mark.parametrize("cookie", ["", "x", "é", "{token}", "{form_word}"])
def test_a_wrong_session_is_none(site: Site, cookie: str):
    stranger = site.stranger()
    value = cookie.format(token=site.gate.token, form_word=site.gate.form_word)
    stranger.set_cookie(site.gate.cookie, value, domain="127.0.0.1")
    assert stranger.get("/", base_url=HERE).status_code == 403


def test_only_the_right_token_is_used_up():
    gate = Gate(PORT)
    assert [gate.exchange(token) for token in ("", "x", gate.token, gate.token)] == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "host",
    ["localhost:8484", "127.0.0.1", "127.0.0.1:80", "evil.example", "evil.example:8484", "[::1]:8484", ""],
)
def test_another_host_is_refused_even_with_the_session(site: Site, host: str):
    """A name of the Internet may lead to this machine (DNS rebinding)."""
    response = site.browser.get("/", base_url=HERE, headers={"Host": host})
    assert (response.status_code, "PETIT" in response.text) == (403, False)


@pytest.mark.parametrize(
    ("why", "headers", "word", "status"),
    [
        ("a page of ours", OURS, None, 303),
        ("a browser that tells no site", {"Origin": HERE}, None, 303),
        ("a browser that hides the origin of a page without referrer", OURS | {"Origin": "null"}, None, 303),
        ("no origin at all", {}, None, 403),
        ("a hidden origin, and nobody says whose", {"Origin": "null"}, None, 403),
        ("a hidden origin of another site", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, None, 403),
        ("another port of this machine", OURS | {"Origin": "http://127.0.0.1:8485"}, None, 403),
        ("the same site is not the same origin", OURS | {"Sec-Fetch-Site": "same-site"}, None, 403),
        ("another site", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, None, 403),
        ("the word of another form", OURS, "x", 403),
        ("no word", OURS, "", 403),
    ],
)
def test_a_form_is_taken_from_our_own_page_only(site: Site, why, headers, word, status):
    more = {} if word is None else {"form_word": word}
    response = site.send(f"/pair/{site.references()[1]}", headers=headers, **more)
    assert response.status_code == status, why
    assert len(site.log()) == (1 if status == 303 else 0), why


@pytest.mark.parametrize(
    "path", ["/", "/pair/{}", "/pair/nobody", "/static/page.css", "/reports/rapport.html", "/?token=x"]
)
def test_every_answer_forbids_what_pages_may_do_elsewhere(site: Site, path: str):
    headers = site.get(path.format(site.references()[0])).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "//" not in policy, "no address of another"
    assert ("script-src" in policy) == path.startswith("/reports")
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]
