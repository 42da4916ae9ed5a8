"""How Spark is configured, and what is said where it is not installed; no Spark is started here."""

import importlib.util
import re

import pytest

from pipelines.errors import EngineError
from pipelines.io import spark

HERE = [
    "local",
    "local[2]",
    "local[*]",
    "local-cluster[2,1,1024]",
    "spark://127.0.0.1:7077",
    "spark://localhost:7077",
]
ELSEWHERE = ["spark://10.0.0.7:7077", "yarn", "k8s://https://cluster:6443", "spark://localhost.example:7077"]


@pytest.mark.parametrize(("masters", "is_here"), [(HERE, True), (ELSEWHERE, False)])
def test_on_this_machine_it_listens_on_loopback_only(tmp_path, masters, is_here):
    for master in masters:
        settings = spark.spark_settings(master, tmp_path)
        found = {settings.get(f"spark.driver.{name}") for name in ("host", "bindAddress")}
        assert found == ({"127.0.0.1"} if is_here else {None}), master


@pytest.mark.parametrize("master", HERE + ELSEWHERE)
def test_it_has_no_page_and_writes_below_its_folder(tmp_path, master):
    settings = spark.spark_settings(master, tmp_path)
    assert settings["spark.ui.enabled"] == "false"
    for name in ("spark.local.dir", "spark.sql.warehouse.dir", "spark.driver.extraJavaOptions"):
        assert str(tmp_path) in settings[name]


def test_nobody_else_of_this_machine_talks_to_a_single_process(tmp_path):
    assert spark.spark_settings("local[2]", tmp_path)["spark.authenticate"] == "true"


@pytest.mark.parametrize(
    ("named", "expected"), [(None, "local[2]"), ("", "local[2]"), ("local[8]", "local[8]")]
)
def test_the_environment_names_the_master(monkeypatch, named, expected):
    monkeypatch.delenv("RESEAU_SPARK_MASTER", raising=False)
    if named is not None:
        monkeypatch.setenv("RESEAU_SPARK_MASTER", named)
    assert spark.spark_master() == expected


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with (
        pytest.raises(EngineError, match=re.escape("pip install reseau[spark]")),
        spark.open_spark("local[2]"),
    ):
        raise AssertionError("it started")
