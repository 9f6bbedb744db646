"""The register writes of every valid example, as files: a change in a schema or in the core shows as a diff.

`python -m tests.contract.golden` writes them again; look at the diff before it is kept.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas.events import ALARM_TYPES, FACT_TYPES, Event
from schemas.fields import format_moment
from schemas.reading import Rejected, read_alarms, read_facts
from services.core.registers import writes

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
TYPES = {**FACT_TYPES, **ALARM_TYPES}


def cases(kind: str) -> Iterator[Path]:
    """Every example of a kind: `valid`, `invalid` or `golden`."""
    return iter(sorted(EXAMPLES.glob(f"*/{kind}/*.json")))


def name(path: Path) -> str:
    """How a test calls an example."""
    return f"{path.parts[-3]}/{path.stem}"


def read(path: Path, body: bytes) -> Event | Rejected:
    """Read an example of the type whose folder it is in, as a message that holds nothing else."""
    (item,) = read_alarms(body) if path.parts[-3] in ALARM_TYPES else read_facts(body)
    return item


def golden_of(path: Path) -> Path:
    """Where the writes of a valid example stand."""
    return path.parents[1] / "golden" / path.name


def written(event: Event) -> list[dict[str, Any]]:
    """The register writes of an event, as JSON."""
    return [
        {"register": write.register, "effective_at": format_moment(write.effective_at), "value": write.value}
        for write in writes(event)
    ]


def main() -> None:
    """Write every golden file."""
    for path in cases("golden"):
        path.unlink()
    for path in cases("valid"):
        event = read(path, path.read_bytes())
        if isinstance(event, Rejected):
            raise SystemExit(f"{name(path)}: {event.reason}")
        golden_of(path).parent.mkdir(exist_ok=True)
        text = json.dumps(written(event), ensure_ascii=False, indent=2)
        golden_of(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
