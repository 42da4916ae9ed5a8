"""A weight as a bar: to the right for, to the left against, full where more says nothing more."""

import pytest

from pipelines.review_page.shown import Bar, bar


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (0.0, None), (0.04, None), (-0.04, None), (8.0, Bar(50.0, 25.0, "for")), (-8.0, Bar(25.0, 25.0, "against")),
        (16.0, Bar(50.0, 50.0, "for")), (99.0, Bar(50.0, 50.0, "for")), (-99.0, Bar(0.0, 50.0, "against")),
    ],
)  # fmt: skip
def test_bar(weight, expected):
    assert bar(weight) == expected
