"""Pseudonyms: keyed, stable, different per use, of a fixed length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import SecretError
from pipelines.keys import PSEUDONYM_LENGTH, fingerprint, pseudonyms
from tests.conftest import KEY

OTHER = bytes(reversed(KEY))


@given(st.lists(st.text(), max_size=20, unique=True))
def test_a_pseudonym_is_a_function_of_value_key_and_use(values: list[str]):
    found = pseudonyms(values, key=KEY, domain="patient")
    assert found == pseudonyms(values, key=KEY, domain="patient")
    assert len(set(found)) == len(values)
    assert {len(one) for one in found} <= {PSEUDONYM_LENGTH}
    assert not set(found) & set(pseudonyms(values, key=KEY, domain="tumour"))
    assert not set(found) & set(pseudonyms(values, key=OTHER, domain="patient"))


def test_the_domain_and_the_value_do_not_run_together():
    assert pseudonyms(["bc"], key=KEY, domain="a") != pseudonyms(["c"], key=KEY, domain="ab")


def test_a_short_key_is_refused():
    with pytest.raises(SecretError, match="256 bits"):
        pseudonyms(["x"], key=b"short", domain="patient")


def test_the_known_answer():
    """HMAC-SHA-256 of `key NUL fingerprint` under the test key, computed with another tool."""
    import hashlib
    import hmac

    assert fingerprint(KEY) == hmac.new(KEY, b"key\x00fingerprint", hashlib.sha256).hexdigest()[:32]
    assert fingerprint(KEY) != fingerprint(OTHER)
