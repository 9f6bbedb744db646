"""Tells an id of an event from other text, and makes one that does not follow from the content of its event."""

import re

_LOWER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID in lower case, as the log holds them."""
    return _LOWER.fullmatch(text) is not None


def uuid7(milliseconds: int, chance: int) -> str:
    """Returns a UUID of version 7 (RFC 9562, §5.7): such ids sort by time.

    Args:
        milliseconds: The moment, in milliseconds since 1970.
        chance: 74 random bits.
    """
    number = milliseconds << 80 | 0x7 << 76 | chance >> 62 << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
