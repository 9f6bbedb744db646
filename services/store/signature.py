"""Signatures under what leaves the store (Ed25519, RFC 8032).

Whoever holds the private key made it, and nobody changed it since. One key pair serves for all that we sign.
"""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.told import ToldError

_PEM = serialization.Encoding.PEM
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm)


class SignatureError(ToldError):
    """A key can't be used, or a signature does not hold. The message says why, and what would be right."""


class Signature(BaseModel):
    """A signature, and which key it was made with."""

    model_config = ConfigDict(extra="forbid")

    sleutel: str
    """The fingerprint of the public key: the SHA-256 of its 32 bytes."""
    handtekening: str
    """The signature in base64."""


def make_pair(private: Path) -> tuple[Path, str]:
    """Makes a key pair: the private key, for its owner alone, and the public one beside it.

    Returns the file of the public key, and its fingerprint. Raises SignatureError when a file is there already.
    """
    public = private.with_name(f"{private.name}.pub")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for file, content, mode in ((private, secret, 0o600), (public, _shown(key.public_key()), 0o644)):
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
                out.write(content)
            file.chmod(mode)  # The public one is for whoever restores; the umask would keep it from others.
        except OSError as error:
            raise SignatureError(f"{file} is niet te maken: {error.strerror}; kies een andere naam") from error
    return public, _fingerprint(key.public_key())


def sign(content: bytes, private: Path) -> Signature:
    """Signs with the private key in a file. Raises SignatureError."""
    key = _private(private)
    signed = base64.b64encode(key.sign(content)).decode()
    return Signature(sleutel=_fingerprint(key.public_key()), handtekening=signed)


def public_of(private: Path) -> tuple[bytes, str]:
    """Returns the public half of the private key in a file, as PEM, and its fingerprint. Raises SignatureError."""
    public = _private(private).public_key()
    return _shown(public), _fingerprint(public)


def check(content: bytes, signature: Signature, public: Path) -> None:
    """Raises SignatureError unless the holder of the key, whose public half is in the file, signed this content."""
    try:
        key = serialization.load_pem_public_key(_bytes_of(public))
    except _UNREADABLE as error:
        raise SignatureError(f"{public} is geen publieke sleutel; die staat naast de geheime, in ….pub") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureError(f"{public} is geen sleutel van Ed25519; maak er een met `opvangpeil sleutel`")
    own = _fingerprint(key)
    if signature.sleutel != own:
        raise SignatureError(f"is getekend met sleutel {signature.sleutel[:16]}…, en {public} is {own[:16]}…")
    try:
        key.verify(base64.b64decode(signature.handtekening, validate=True), content)
    except (InvalidSignature, ValueError) as error:
        raise SignatureError("de handtekening klopt niet: er is na het tekenen iets veranderd") from error


def parse(text: bytes) -> Signature:
    """Reads a signature. Raises SignatureError."""
    try:
        return Signature.model_validate_json(text)
    except ValidationError as error:
        raise SignatureError("de handtekening is onleesbaar") from error


def _private(file: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(_bytes_of(file), None)
    except _UNREADABLE as error:
        raise SignatureError(f"{file} is geen geheime sleutel van `opvangpeil sleutel`") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureError(f"{file} is geen sleutel van Ed25519; maak er een met `opvangpeil sleutel`")
    return key


def _shown(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SignatureError(f"{file} is niet te lezen: {error.strerror}") from error


def _fingerprint(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()
