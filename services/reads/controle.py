"""The code of a report: what it says of the report, how people write it, and whether that report still stands.

Nothing is kept of a report that was issued. Its code is all there is: a digest of its figures and how to count them
again, sealed by the store (`store/sealed.py`).
"""

from datetime import date, datetime, timedelta
from hashlib import blake2b
from struct import Struct
from typing import NamedTuple, Self

from schemas.moments import day_of, from_micros, micros
from services.core.reasons.gemeentebrief import KERN_BYTES, feiten, kern
from services.core.telregel import Gevraagd, namen_van_regels
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.store.sealed import Sealed

_VERSIE = 1
"""Of the fields below and of the facts that the digest is over. A code of another version is no code."""
_OF_TOEZICHT = 128
_BEGIN = date(2010, 1, 1)
_VORM = Struct(f">BHH4s{KERN_BYTES}s7s")
_MOMENT_BYTES = 7
_GEEN = bytes(4)
NIETS = bytes(_VORM.size)
"""Stands for what is no code. It is read as a code of a version that there never was."""
_SEALED_BYTES = 28
"""What a seal adds: a nonce and a tag."""
_TEKENS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 of Crockford: without I, L, O and U, which look like other signs or make words."""
_ALSO = str.maketrans("OIL", "011", "- \t\r\n")
_GROEP = 4
LENGTE = (len(NIETS) + _SEALED_BYTES) * 8 // 5
"""Of a code, in signs without hyphens. The bytes are a whole number of fives, so none of it is padding."""


class Uitgegeven(NamedTuple):
    """What a code says of a report, readable by this store alone."""

    versie: int
    gemeente: str
    geldig_op: datetime
    telregel: bytes
    """A short digest of the name of the rule that was asked for; zeros where none was."""
    toezicht: bool
    """Whether it also tells the step of toezicht."""
    dag: date
    """The Dutch day on which it was issued."""
    kern: bytes
    """The digest of its figures."""

    @classmethod
    def of(cls, question: Question, gemeente: str, digest: bytes) -> Self:
        """What the code of a report says that answers this question now."""
        rule = _GEEN if question.telregel is None else _of_rule(question.telregel)
        toezicht = question.audience.sees_toezicht
        return cls(_VERSIE, gemeente, question.geldig_op, rule, toezicht, day_of(question.now), digest)

    @classmethod
    def read(cls, packed: bytes) -> Self:
        """Reads what `packed` made, or NIETS."""
        kind, number, days, rule, digest, moment = _VORM.unpack(packed)
        valid_at = from_micros(int.from_bytes(moment))
        day = _BEGIN + timedelta(days=days)
        return cls(kind % _OF_TOEZICHT, f"GM{number:04}", valid_at, rule, kind >= _OF_TOEZICHT, day, digest)

    def packed(self) -> bytes:
        """Gives it as bytes, always equally many."""
        kind = self.versie + (_OF_TOEZICHT if self.toezicht else 0)
        moment = micros(self.geldig_op).to_bytes(_MOMENT_BYTES)
        number, days = int(self.gemeente.removeprefix("GM")), (self.dag - _BEGIN).days
        return _VORM.pack(kind, number, days, self.telregel, self.kern, moment)

    def counts(self, now: datetime, dagen: int) -> bool:
        """Whether it can still be checked: so many days after it was issued."""
        return self.versie == _VERSIE and day_of(now) - self.dag <= timedelta(days=dagen)


def code_of(sealed: Sealed, issued: Uitgegeven) -> str:
    """Returns the code of a report, as people write it: another one each time."""
    return written(sealed.code(issued.packed()))


def issued_by(sealed: Sealed, text: str) -> Uitgegeven:
    """Returns what a code says. What is no code of this store says NIETS, by the same steps."""
    return Uitgegeven.read(sealed.opened_code(typed(text)) or NIETS)


def stands(reader: Reader, issued: Uitgegeven, now: datetime) -> bool:
    """Whether a report says the same as what is known now about its moment."""
    audience = Audience.TOEZICHT if issued.toezicht else Audience.LEZER
    cijfers = reader.totalen(Question(issued.geldig_op, now, now, audience))
    if issued.telregel != _GEEN:
        known = namen_van_regels(cijfers.wet, cijfers.cyclus)
        naam = next((one for one in known if _of_rule(one) == issued.telregel), None)
        if naam is None:
            return False  # The rule was retracted.
        cijfers = cijfers.volgens_regel(Gevraagd(None, naam))
    row = next((row for row in cijfers.naleving if row.gemeente.code == issued.gemeente), None)
    return row is not None and kern(feiten(row, cijfers.wet, cijfers.indeling)) == issued.kern


def written(sealed: bytes) -> str:
    """Writes bytes so that people can type them, in groups with hyphens."""
    number, signs = int.from_bytes(sealed), len(sealed) * 8 // 5
    text = "".join(_TEKENS[number >> 5 * place & 31] for place in reversed(range(signs)))
    return "-".join(text[at : at + _GROEP] for at in range(0, signs, _GROEP))


def typed(text: str) -> bytes:
    """Reads what somebody typed, whatever the case and the hyphens. What can't be a code gives zeros, as many."""
    signs = text[: 4 * LENGTE].upper().translate(_ALSO)
    if len(signs) != LENGTE or not set(signs) <= set(_TEKENS):
        signs = _TEKENS[0] * LENGTE
    number = 0
    for sign in signs:
        number = number << 5 | _TEKENS.index(sign)
    return number.to_bytes(LENGTE * 5 // 8)


def _of_rule(naam: str) -> bytes:
    return blake2b(naam.encode(), digest_size=len(_GEEN)).digest()
