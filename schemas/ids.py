"""Makes ids for events whose id does not follow from their content."""


def uuid7(milliseconds: int, chance: int) -> str:
    """Returns a UUID of version 7 (RFC 9562, §5.7): such ids sort by time.

    Args:
        milliseconds: The moment, in milliseconds since 1970.
        chance: 74 random bits.
    """
    number = milliseconds << 80 | 0x7 << 76 | chance >> 62 << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
