"""Reads a whole text with the importer."""

import io

from services.importer.lines import Lines
from services.importer.model import Batch, Format


def read_all(kind: Format, text: bytes, most: int = 1000) -> Batch:
    """Returns all groups of the text as one batch."""
    total = Batch(numbers := [], [], [], [])
    for group in Lines(io.BytesIO(text), "proef").groups(most):
        batch = kind.read(group)
        assert len(batch.numbers) == len(batch.events) == len(batch.originals)
        numbers += batch.numbers
        total.events.extend(batch.events)
        total.originals.extend(batch.originals)
        total.rejects.extend(batch.rejects)
    return total
