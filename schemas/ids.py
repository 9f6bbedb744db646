"""Ids of events of which none follows from what they say."""


def uuid7(milliseconds: int, chance: int) -> str:
    """A UUID of version 7 (RFC 9562 §5.7) from milliseconds since 1970 and 74 random bits: such ids are in order."""
    number = milliseconds << 80 | 0x7 << 76 | chance >> 62 << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
