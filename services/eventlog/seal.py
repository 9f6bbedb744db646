"""A seal on messages, for a broker that asks nobody for a password: who lacks its key reads nothing and writes nothing.

The built-in broker listens on this machine, where any program can connect to it. Its messages live as long as the
process, so the key does too, and is kept nowhere.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealError(Exception):
    """A message was not sealed with this key, or for another topic."""


class Seal:
    """Seals and opens with AES-256-GCM (NIST SP 800-38D). Every message has a random nonce of its own."""

    def __init__(self, key: bytes | None = None) -> None:
        """`key`: 32 bytes; without it a new one."""
        self._key = key or os.urandom(32)
        self._aead = AESGCM(self._key)

    def close(self, topic: str, value: bytes) -> bytes:
        """Seals a value of a message on a topic."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, value, topic.encode())

    def open(self, topic: str, value: bytes) -> bytes:
        """Returns what was sealed. Raises SealError."""
        try:
            return self._aead.decrypt(value[:_NONCE_BYTES], value[_NONCE_BYTES:], topic.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError(topic) from error

    def name(self, key: str) -> bytes:
        """Stands for the key of a message: the same for the same key, and so in the same partition."""
        return hmac.digest(self._key, key.encode(), hashlib.sha256)
