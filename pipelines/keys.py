"""Pseudonyms: HMAC-SHA-256 with a key of at least 256 bits. There is no unkeyed fallback."""

import hashlib
import hmac
from collections.abc import Iterable

from pipelines.errors import SecretError

KEY_BYTES = 32
#: 128 bits in hexadecimal: no two of ten million people collide (probability below 1e-24).
PSEUDONYM_LENGTH = 32


def check_key(key: bytes) -> bytes:
    """The key itself; SecretError when it is shorter than 256 bits."""
    if len(key) < KEY_BYTES:
        raise SecretError(
            "the pseudonym key is shorter than 256 bits", remedy="Use 32 random bytes in hexadecimal."
        )
    return key


def pseudonyms(values: Iterable[str], *, key: bytes, domain: str) -> list[str]:
    """One pseudonym per value. `domain` separates uses of one key: the same value differs between domains."""
    root = hmac.new(check_key(key), domain.encode(), hashlib.sha256)
    found = []
    for value in values:  # hashing has no vectorised form; about 1 µs a value
        one = root.copy()
        one.update(b"\x00" + value.encode())
        found.append(one.hexdigest()[:PSEUDONYM_LENGTH])
    return found


def fingerprint(key: bytes) -> str:
    """What the ledger keeps of a key, to notice that it changed. It tells nothing about the key."""
    return pseudonyms(["fingerprint"], key=key, domain="key")[0]
