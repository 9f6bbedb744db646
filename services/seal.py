"""Seals what others may carry and may neither read nor make.

The built-in broker asks nobody for a password, so its messages are sealed with a key that lives as long as the process.
A positie is sealed with a key of the store (`store/sealed.py`).
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealError(Exception):
    """Something was not sealed with this key, or for another purpose."""


def new_key() -> bytes:
    """Makes a key of 256 bits."""
    return os.urandom(32)


class Seal:
    """Seals and opens with AES-256-GCM (NIST SP 800-38D). Each value has a random nonce of its own."""

    def __init__(self, key: bytes | None = None) -> None:
        """`key`: as `new_key` makes them; without it a new one."""
        self._key = key or new_key()
        self._aead = AESGCM(self._key)

    def close(self, purpose: str, value: bytes) -> bytes:
        """Seals a value: of a message on a topic, or of another purpose."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, value, purpose.encode())

    def open(self, purpose: str, value: bytes) -> bytes:
        """Returns what was sealed. Raises SealError."""
        try:
            return self._aead.decrypt(value[:_NONCE_BYTES], value[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError(purpose) from error

    def name(self, key: str) -> bytes:
        """Stands for the key of a message: the same for the same key, and so in the same partition."""
        return hmac.digest(self._key, key.encode(), hashlib.sha256)
