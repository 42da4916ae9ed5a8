"""The page of a small network's queue, and browsers that were let in or not."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pipelines.registry import Registry
from pipelines.review_page.app import make_app
from pipelines.review_page.desk import Desk
from pipelines.review_page.gate import Gate
from tests import small_network
from tests.asked_network import asked_network
from tests.small_network import NETWORK, SmallNetwork

PORT = 8484
HERE = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Site:
    """One serving, and the browser that came in."""

    registry: Registry
    gate: Gate
    stranger: Callable[[], FlaskClient]
    browser: FlaskClient

    def references(self) -> list[str]:
        """The questions in the order of the queue."""
        from pipelines.review_queue import questions

        return [question.reference for question in questions(self.registry)]

    def get(self, path: str, **more: object) -> TestResponse:
        return self.browser.get(path, base_url=HERE, buffered=True, **more)

    def text(self, path: str) -> str:
        response = self.get(path)
        assert response.status_code == 200
        return response.text

    def send(self, path: str, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
        """Send a form as a page of ours does, unless the test says otherwise."""
        usual = {
            "form_word": self.gate.form_word,
            "answer": "different",
            "author": "Dr Identité",
            "comment": "",
        }
        sent = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"} if headers is None else headers
        return self.browser.post(path, base_url=HERE, data=usual | form, headers=sent)

    def log(self) -> list[tuple[str, str, str, str]]:
        """What was decided: local patients, verdict, author."""
        columns = ("local_patient_id_l", "local_patient_id_r", "verdict", "author")
        return [tuple(line[name] for name in columns) for line in self.registry.decisions.read().to_pylist()]


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    return asked_network(tmp_path_factory.mktemp("asked") / "net")


@pytest.fixture
def net(asked: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.copied(asked, tmp_path / "net")) as network:
        yield network


@pytest.fixture
def site(net: SmallNetwork) -> Iterator[Site]:
    with net.open() as registry:
        gate = Gate(PORT)
        reports = registry.home.reports(NETWORK, 1)
        app = make_app(Desk(registry, today=lambda: dt.date(2026, 11, 29)), gate=gate, reports=reports)
        browser = app.test_client()
        assert browser.get(gate.address).status_code == 200
        yield Site(registry, gate, app.test_client, browser)
