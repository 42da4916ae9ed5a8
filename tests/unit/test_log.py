"""The log: one JSON document per step on standard error, and silence unless it is asked for."""

import json
import logging

import pytest

from pipelines import log


@pytest.mark.parametrize(("verbose", "lines"), [(True, 1), (False, 0)])
def test_steps_are_logged_when_asked_for(verbose: bool, lines: int, capsys: pytest.CaptureFixture[str]):
    log.configure(verbose=verbose)
    log.step("link", run=1, network="petit", seconds=0.5)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == lines


def test_a_line_is_one_document(capsys: pytest.CaptureFixture[str]):
    log.configure(verbose=True)
    log.step("étape\nbrisée", run=1, centre=None, seconds=0.25)
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line) == {"step": "étape\nbrisée", "run": 1, "centre": None, "seconds": 0.25}


def test_warnings_are_always_shown(capsys: pytest.CaptureFixture[str]):
    log.configure(verbose=False)
    log.LOGGER.warning("a file was refused")
    assert capsys.readouterr().err == "a file was refused\n"


def test_configuring_twice_does_not_log_twice(capsys: pytest.CaptureFixture[str]):
    log.configure(verbose=True)
    log.configure(verbose=True)
    log.step("link")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_nothing_goes_to_the_root_logger(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    log.configure(verbose=True)
    with caplog.at_level(logging.INFO):
        log.step("link")
    assert caplog.records == []
    assert json.loads(capsys.readouterr().err) == {"step": "link"}
