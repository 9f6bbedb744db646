"""Whether an edition is as it was made: its files against its manifest, and its manifest against its signature."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from services.core.dutch import number
from services.editie.manifest import HANDTEKENING, Manifest
from services.store.signature import SignatureError, check, parse


class Bevinding(NamedTuple):
    """What was found."""

    goed: bool
    """Whether nothing is wrong with it."""
    zin: str


def public_key(fingerprint: str) -> str:
    """Returns the name of a public key, beside the editions that are signed with it."""
    return f"sleutel-{fingerprint[:16]}.pub"


def ondertekend(folder: Path, manifest: bytes, public: Path | None) -> Bevinding:
    """Says whether the holder of a key signed the manifest, and nobody changed it.

    Args:
        folder: the edition.
        manifest: its manifest, as it is there.
        public: the key that it must be signed with; None: no key in particular.
    """
    file = folder / HANDTEKENING
    if not file.is_file():
        if public is not None:
            return Bevinding(False, f"{file} ontbreekt: deze editie is niet ondertekend, dus ook niet met {public}")
        return Bevinding(True, "Niet ondertekend: niet bewezen is wie deze editie maakte.")
    try:
        signature = parse(file.read_bytes())
        beside = folder.parent / public_key(signature.sleutel)
        own = public or (beside if beside.is_file() else None)
        if own is not None:
            check(manifest, signature, own)
    except SignatureError as error:
        return Bevinding(False, f"{file}: {error}")
    if public is not None:
        return Bevinding(True, f"De handtekening klopt: wie de geheime helft van {public} heeft maakte deze editie.")
    said = "niet nagegaan" if own is None else f"de handtekening klopt met {own}"
    return Bevinding(
        True,
        f"Ondertekend met sleutel {signature.sleutel[:16]}…, {said}. Van wie die sleutel is blijkt alleen met "
        "--sleutel en de publieke sleutel die de uitgever zelf gaf.",
    )


def beschadigd(folder: Path, over: Manifest) -> Iterator[str]:
    """Yields a sentence for each file that is not there, or not as it was made."""
    for one in over.bestanden:
        file = folder / one.naam
        if not file.is_file():
            yield f"{file} ontbreekt; volgens het manifest hoort het bij editie {over.editie}"
            continue
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != one.sha256:
            size = f" ({number(len(content))} bytes, en dat waren er {number(one.bytes)})"
            yield f"{file} is veranderd nadat de editie is gemaakt{size if len(content) != one.bytes else ''}"
