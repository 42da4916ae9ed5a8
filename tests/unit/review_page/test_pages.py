"""What the pages show of the queue, and what becomes of a decision."""

import json
import logging
from html.parser import HTMLParser

import pytest

from pipelines.io.home import Home, only_run
from pipelines.log import LOGGER
from pipelines.review_page.desk import Desk
from tests.asked_network import REASONS
from tests.small_network import NETWORK, SmallNetwork
from tests.unit.review_page.conftest import HERE, Site


class Words(HTMLParser):
    """The text of a page, and the tags it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags = "", []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_the_queue_shows_every_question_in_its_order(site: Site):
    page = site.text("/")
    places = [page.index(f"/pair/{reference}", page.index("<tbody>")) for reference in site.references()]
    assert places == sorted(places)
    assert len(places) == len(REASONS)
    assert "PETIT JEAN, 01/07/1955, alpha" in page
    assert "3 paires, dont 0 avec une réponse" in page


@pytest.mark.parametrize(("reason", "shown"), [("CL5", 2), ("two_ins", 1), ("nothing", 3), ("", 3)])
def test_the_queue_can_be_filtered_by_reason(site: Site, reason: str, shown: int):
    body = site.text(f"/?reason={reason}").partition("<tbody>")[2]
    assert body.count("/pair/") == shown


@pytest.mark.parametrize("page", ["-1", "0", "99", "x", ""])
def test_a_page_of_the_list_that_does_not_exist_is_the_nearest(site: Site, page: str):
    assert site.text(f"/?page={page}").count("/pair/") >= len(REASONS)


def test_a_pair_is_shown_side_by_side_with_what_each_trait_weighs(site: Site):
    _, petit, _ = site.references()
    words = " ".join(Words(site.text(f"/pair/{petit}")).text.split())
    assert "prénoms de naissance JEAN PAUL ne concorde pas −5,7" in words
    assert "sexe homme homme identique +1,0" in words
    assert "nom utilisé — — donnée manquante non pesé" in words
    assert "point de départ avant de regarder les traits deux dossiers pris au hasard −15,1" in words
    assert "Poids de la paire +3,6" in words
    assert "jumeaux, fratrie" in words


def test_the_page_speaks_english_once_asked_and_remembers_it(site: Site):
    _, petit, _ = site.references()
    assert "birth first names" not in site.text("/")
    assert "Pairs to decide" in site.text("/?lang=en")
    page = site.text(f"/pair/{petit}")
    assert "does not agree" in page
    assert "1955-07-01" in page
    assert '<html lang="en">' in page
    assert "Paires à décider" in site.text("/?lang=fr")
    assert "Paires à décider" in site.text("/?lang=de")


def test_what_a_centre_or_a_reviewer_wrote_is_text_and_nothing_else(site: Site):
    _, _, moreau = site.references()
    site.send(f"/pair/{moreau}", comment="<script>alert(1)</script>", author='"><b>x')
    for path in (f"/pair/{moreau}", "/", "/pair/<script>alert(1)<script>"):
        page = Words(site.get(path).text)
        assert not {"script", "b", "i", "style", "iframe", "img"} & set(page.tags)
    shown = Words(site.text(f"/pair/{moreau}")).text
    assert "L&<i>UC" in shown
    assert "<script>alert(1)</script>" in shown


@pytest.mark.parametrize("answer", ["same", "different", "unsure", "ask_centre"])
def test_a_decision_is_kept_and_the_next_question_follows(site: Site, answer: str):
    _, petit, moreau = site.references()
    response = site.send(f"/pair/{petit}", answer=answer)
    assert (response.status_code, response.headers["Location"]) == (303, f"/pair/{moreau}?kept={answer}")
    assert site.log() == [("A2", "B2", answer, "Dr Identité")]
    assert 'value="Dr Identité"' in site.text(f"/pair/{moreau}"), "the name is kept"
    page = Words(site.text(f"/pair/{petit}")).text
    assert ("Déjà décidé" in page) == (answer in ("same", "different"))
    assert "Dr Identité, 29/11/2026" in page


def test_the_last_answer_leads_back_to_the_queue(site: Site):
    places = [
        site.send(f"/pair/{reference}", answer="unsure").headers["Location"].partition("?")[0]
        for reference in site.references()
    ]
    assert places[-1] == "/"
    assert "Toutes ces paires ont une réponse" in site.text("/?kept=unsure")
    assert site.text("/").count('class="answered"') == len(REASONS)


def test_the_filter_holds_from_pair_to_pair(site: Site):
    _, petit, moreau = site.references()
    assert (
        site.send(f"/pair/{petit}?reason=CL5").headers["Location"]
        == f"/pair/{moreau}?reason=CL5&kept=different"
    )
    assert site.send(f"/pair/{moreau}?reason=CL5").headers["Location"] == "/?reason=CL5&kept=different"


def test_two_reviewers_who_contradict_each_other_wait_for_a_second_opinion(site: Site, net: SmallNetwork):
    _, petit, _ = site.references()
    for author, answer, said in (
        ("a", "same", "Déjà décidé : même personne"),
        ("b", "different", "Les avis se contredisent"),
        ("c", "different", "Déjà décidé : personnes différentes"),
    ):
        site.send(f"/pair/{petit}", author=author, answer=answer)
        assert said in Words(site.text(f"/pair/{petit}")).text
    net.run()
    assert petit not in site.references(), "the run acted on it, and the page knows"
    assert site.get(f"/pair/{petit}").status_code == 404


@pytest.mark.parametrize(
    ("why", "rank", "form", "said"),
    [
        ("no name", 1, {"author": "  "}, "Votre nom manque"),
        ("no decision", 1, {"answer": ""}, "Choisissez une décision"),
        ("no such decision", 1, {"answer": "peut-être"}, "La décision n&#39;est pas dans la liste"),
        (
            "a decision that nobody takes by hand",
            1,
            {"answer": "revoked"},
            "La décision n&#39;est pas dans la liste",
        ),
        ("a name too long", 1, {"author": "x" * 101}, "trop long"),
        ("a reason too long", 1, {"comment": "x" * 2001}, "trop long"),
        ("nothing to join in one record", 0, {"answer": "same"}, "Un seul dossier"),
    ],
)
def test_a_form_that_cannot_be_kept_says_why_and_is_shown_again(site: Site, why, rank, form, said):
    response = site.send(f"/pair/{site.references()[rank]}", **({"comment": "vu au téléphone"} | form))
    assert (response.status_code, said in response.text) == (422, True), why
    assert "vu au téléphone" in response.text or "comment" in form
    assert site.log() == []


def test_a_record_that_contradicts_itself_offers_no_joining(site: Site):
    page = site.text(f"/pair/{site.references()[0]}")
    assert 'value="ask_centre"' in page
    assert 'value="same"' not in page
    assert "Cette paire n'est pas pesée" in Words(page).text


def test_nothing_is_kept_while_a_run_is_at_work(site: Site, net: SmallNetwork):
    with only_run(Home(net.home), NETWORK):
        response = site.send(f"/pair/{site.references()[1]}")
    assert (response.status_code, "Une exécution est en cours" in response.text) == (409, True)
    assert site.log() == []


def test_lines_are_kept_and_what_only_machines_send_is_not(site: Site):
    site.send(f"/pair/{site.references()[1]}", comment=" un\r\ndeux\0\x1b[1m ", author=" Dr\tX\n")
    [line] = site.registry.decisions.read().to_pylist()
    assert (line["reason"], line["author"]) == ("un\ndeux[1m", "DrX")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/pair/nobody", 404), ("/nowhere", 404), ("/pair/", 404), ("/pair/../..", 404), ("/?token=x", 403)],
)
def test_what_is_not_there_has_a_page_of_its_own(site: Site, path: str, status: int):
    response = site.get(path)
    assert (response.status_code, "ne peut pas être montrée" in response.text) == (status, True)


def test_a_form_that_is_too_large_is_refused(site: Site):
    response = site.send(f"/pair/{site.references()[1]}", comment="x" * 100_000)
    assert response.status_code == 413
    assert site.log() == []


def test_an_error_shows_no_value_and_no_trace(site: Site, monkeypatch, caplog, capsys):
    def breaks(self: Desk) -> None:
        raise KeyError("DUPONT 1961")

    monkeypatch.setattr(LOGGER, "propagate", True)
    monkeypatch.setattr(Desk, "asked", breaks)
    response = site.get("/")
    assert response.status_code == 500
    assert "n'a pas fonctionné" in Words(response.text).text
    told = response.text + caplog.text + "".join(capsys.readouterr())
    assert '"error": "KeyError"' in told
    assert not [word for word in ("DUPONT", "1961", "Traceback", "KeyError(") if word in told]


def test_a_log_that_was_changed_is_told_without_a_value(site: Site, net: SmallNetwork):
    reference = site.references()[1]
    site.send(f"/pair/{reference}")
    [line] = (net.home / "identity" / NETWORK / "decisions").glob("*.parquet")
    line.write_bytes(line.read_bytes() + b"x")
    response = site.send(f"/pair/{reference}")
    assert (response.status_code, "the log was changed" in response.text) == (503, True)


def test_the_log_of_requests_holds_no_query_and_no_identity(site: Site, monkeypatch, caplog):
    monkeypatch.setattr(LOGGER, "propagate", True)
    with caplog.at_level(logging.INFO, LOGGER.name):
        site.get("/?reason=PETIT")
        site.get("/pair/PETIT")
        site.send(f"/pair/{site.references()[1]}", comment="PETIT")
        site.stranger().get("/?token=PETIT", base_url=HERE)
    told = [json.loads(record.message) for record in caplog.records]
    assert [(one["step"], one.get("route"), one.get("status")) for one in told] == [
        ("request", "/", 200), ("request", "/pair/<reference>", 404), ("decide", None, None),
        ("request", "/pair/<reference>", 303), ("request", "/", 403),
    ]  # fmt: skip
    assert not [word for word in ("PETIT", "reason", "token") if word in caplog.text]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("rapport.html", "text/html"), ("qualite/index.html", "text/html"), ("conformite.csv", "text/csv")],
)
def test_the_reports_are_beside_the_queue(site: Site, name: str, kind: str):
    response = site.get(f"/reports/{name}")
    assert (response.status_code, response.mimetype) == (200, kind)
    assert (f"/reports/{name}" in site.text("/")) == (kind == "text/html")


@pytest.mark.parametrize(
    "name",
    ["../../../ledger.sqlite", "..%2f..%2f..%2fledger.sqlite", "/etc/passwd", "%2fetc%2fpasswd", "qualite", "link.html",
     "qualite/../../000001/../../../secret/pseudonym.key", "a%00.html", ".", "note.txt", "x" * 300],
)  # fmt: skip
def test_no_path_leads_out_of_the_reports(site: Site, net: SmallNetwork, name: str):
    folder = site.registry.home.reports(NETWORK, 1)
    (folder / "note.txt").write_text("not a report")
    (folder / "link.html").symlink_to(net.home / "ledger.sqlite")
    assert site.get(f"/reports/{name}").status_code in (404, 308)


def test_the_script_of_a_report_is_the_one_that_may_run(site: Site):
    response = site.get("/reports/rapport.html")
    [own] = [part for part in response.text.split("'") if part.startswith("sha256-")]
    assert f"'{own}'" in response.headers["Content-Security-Policy"]
