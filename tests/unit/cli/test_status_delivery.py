"""The account of one delivery: what a data manager reads when a centre asks where its rows went."""

import json
from collections.abc import Iterator

import pytest

from pipelines.account import REASONS
from pipelines.cli.show import choose_language
from pipelines.cli.status_delivery import delivery_account, show_delivery
from pipelines.errors import LedgerError
from tests import small_network
from tests.small_network import OPERATIONS, TUMOURS, SmallNetwork
from validations.rules import contract as c

CUT = (
    OPERATIONS
    + "\nA1;1\n"
    + OPERATIONS.splitlines()[0]
    + "\nA1;1;01/06/2017;resection;primary;R0;curative\nA9;1;;;;R0;\n"
)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNetwork]:
    """One night whose operations hold a cut line, a blank, a repeated header, a repeat and a stranger."""
    with small_network.in_force(small_network.write_network(tmp_path_factory.mktemp("account"))) as network:
        network.send("alpha/chirurgie.csv", CUT)
        network.run()
        yield network


@pytest.fixture
def registry(night: SmallNetwork):
    with small_network.in_force(night), night.open() as opened:
        yield opened
    choose_language("fr")


def ids(registry) -> dict[str, str]:
    found = registry.ledger.all_deliveries(registry.network.id)
    return {delivery.file_name: delivery.delivery_id for delivery in found}


def test_every_line_of_the_file_has_its_reason(registry):
    found = delivery_account(registry, ids(registry)["chirurgie.csv"])
    assert found.received == 7
    assert {(r.step, r.table, r.outcome, r.reason): r.rows for r in found.reasons} == {
        ("read", "line", "filtered", "blank_line"): 1,
        ("read", "line", "filtered", "repeated_header"): 1,
        ("read", "line", "set_aside", c.RAGGED_ROW): 1,
        ("stage", "stg_surgery", "set_aside", c.RAGGED_ROW): 1,
        ("stage", "stg_surgery", "merged", "exact_repeat"): 1,
        ("validate", "val_surgery", "set_aside", c.UNKNOWN_PATIENT): 1,
    }
    counts = {
        a.step: (a.rows_in, a.rows_out, a.rows_set_aside, a.rows_merged, a.rows_filtered)
        for a in found.accounts
    }
    assert counts == {"read": (7, 4, 1, 0, 2), "stage": (5, 3, 1, 1, 0), "validate": (3, 2, 1, 0, 0)}


def test_the_reasons_of_a_run_come_back_from_its_manifest(night: SmallNetwork, registry):
    """A night with nothing new takes the accounts it knows, with the same reasons."""
    first = delivery_account(registry, ids(registry)["chirurgie.csv"])
    night.run()
    second = delivery_account(registry, ids(registry)["chirurgie.csv"])
    assert second.run_id != first.run_id
    assert (second.accounts, second.reasons) == (first.accounts, first.reasons)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            [
                "chirurgie.csv",
                "lignes reçues  7",
                "en-tête répété",
                "ligne vide",
                "fusionnées",
                "guillemets",
                "passage",
            ],
        ),
        (
            "en",
            [
                "chirurgie.csv",
                "lines received  7",
                "repeated header",
                "blank line",
                "merged",
                "quotes",
                "run",
            ],
        ),
    ],
)
@pytest.mark.parametrize("width", [80, 120])
def test_the_account_is_readable(registry, capsys, monkeypatch, language, words, width):
    monkeypatch.setenv("COLUMNS", str(width))
    choose_language(language)
    assert show_delivery(registry, ids(registry)["chirurgie.csv"]) == 0
    shown = capsys.readouterr().out
    assert [word for word in words if word not in shown] == []
    assert max(map(len, shown.splitlines())) <= 120


def test_a_prefix_is_enough_when_it_is_unique(registry, capsys):
    whole = ids(registry)["tumeurs.csv"]
    assert show_delivery(registry, whole[:10], as_json=True) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["delivery_id"], facts["file_name"], facts["is_current"]) == (whole, "tumeurs.csv", True)
    assert facts["lines_received"] == len(TUMOURS.splitlines()) - 1
    assert {account["table"]: account["rows_out"] for account in facts["accounts"]} == {
        "line": 3, "stg_tumour": 3, "val_tumour": 3,
    }  # fmt: skip
    assert facts["reasons"] == []


@pytest.mark.parametrize(("given", "what"), [("zz", "aucun dépôt"), ("", "aucun dépôt")])
def test_an_unknown_delivery_is_refused(registry, given, what):
    with pytest.raises(LedgerError, match=what) as caught:
        show_delivery(registry, given)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


def test_a_prefix_of_two_deliveries_is_refused(registry, monkeypatch):
    every = registry.ledger.all_deliveries(registry.network.id)
    monkeypatch.setattr(type(registry.ledger), "all_deliveries", lambda *_: [every[0], every[0]])
    with pytest.raises(LedgerError, match="2 dépôts commencent"):
        show_delivery(registry, every[0].delivery_id[:4])


def test_a_delivery_that_no_run_read_says_so(registry, capsys, monkeypatch):
    monkeypatch.setattr(type(registry.ledger), "last_run_with", lambda *_: None)
    assert show_delivery(registry, ids(registry)["tumeurs.csv"]) == 0
    assert "Aucun passage n'a lu ce dépôt" in capsys.readouterr().out


def test_the_account_holds_no_value(registry, capsys):
    show_delivery(registry, ids(registry)["patients.csv"], as_json=True)
    show_delivery(registry, ids(registry)["patients.csv"])
    shown = capsys.readouterr().out
    assert not any(value in shown for value in ("DURAND", "MARIE", "261036938300195"))


def test_every_reason_can_be_said():
    assert set(REASONS) == {"exact_repeat", "superseded", "nothing_stated", "blank_line", "repeated_header"}
