"""The pattern of the names of an export."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.propose.names import is_dated, name_pattern


@pytest.mark.parametrize(
    ("name", "next_name", "groups"),
    [
        ("CHIR_20250102.csv", "CHIR_20260430.csv", {"exported": "20260430"}),
        ("A_20250102_1.xls", "A_20250102_12.xls", {"exported": "20250102", "part": "12"}),
        ("A_20250102_1sur3.csv", "A_20250102_2sur3.csv", {"exported": "20250102", "part": "2", "parts": "3"}),
        ("A_20250102_v2.csv", "A_20250102_v3.csv", {"exported": "20250102", "version": "3"}),
        ("A_2025-01-02.csv", "A_2026-12-31.csv", {}),
        ("A 31.12.2025.csv", "A 01.02.2026.csv", {}),
        ("file (2024).csv", "file (2025).csv", {}),
        ("sarcomes.csv", "sarcomes.csv", {}),
        ("a+b[1].csv", "a+b[1].csv", {}),
    ],
)
def test_the_next_export_matches_too(name, next_name, groups):
    pattern = re.compile(name_pattern(name))
    assert pattern.fullmatch(name)
    assert pattern.fullmatch(next_name).groupdict() == groups
    assert is_dated(pattern.pattern) == ("exported" in groups)


@pytest.mark.parametrize("name", ["CHIR_20251302.csv", "CHIR_120250102.csv", "20259999.csv"])
def test_eight_figures_that_are_no_day_declare_none(name):
    assert not is_dated(name_pattern(name))


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_pattern_matches_its_own_name(name):
    assert re.compile(name_pattern(name), re.DOTALL).fullmatch(name)
