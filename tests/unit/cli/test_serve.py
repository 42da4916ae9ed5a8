"""`reseau serve`: what it prints, what it refuses, and how it ends."""

import re
from pathlib import Path
from urllib.request import urlopen

import pytest

from pipelines.cli.app import run_command
from pipelines.io.local_server import listen
from tests.serving import serving
from tests.small_network import NETWORK, SmallNetwork, in_force


def test_it_prints_an_address_answers_it_and_ends_with_0_on_ctrl_c(first: SmallNetwork):
    with serving(first) as served:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", served.address)
        with urlopen(served.address, timeout=10) as answer:  # noqa: S310 - its scheme was checked
            assert answer.headers["Set-Cookie"].startswith("reseau_session_")
            assert "waitress" not in str(answer.headers).lower()
    out, errors = served.ended
    assert (served.code, errors) == (0, "")
    assert "Les décisions enregistrées restent" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "{taken}"], "the port cannot be used"),
        (["--port", "65536"], "--port"),
        (["--port", "0", "--report", "{tmp}/none"], "--report"),
        (["--port", "0", "--host", "192.0.2.1"], "--host"),
    ],
)
def test_what_cannot_be_served_is_refused_with_what_to_do(
    first: SmallNetwork, tmp_path: Path, arguments, said, capsys: pytest.CaptureFixture[str]
):
    with listen(0) as taken, in_force(first):
        filled = [word.format(taken=taken.getsockname()[1], tmp=tmp_path) for word in arguments]
        assert run_command(["serve", "--network", NETWORK, "--home", str(first.home), *filled]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "que faire" in error


def test_a_registry_that_was_never_linked_has_no_queue(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from tests import small_network

    network = small_network.write_network(tmp_path / "net")
    with in_force(network):
        network.stage()
        assert run_command(["serve", "--network", NETWORK, "--home", str(network.home), "--port", "0"]) == 2
    assert "nothing was linked yet" in capsys.readouterr().err
