"""The register writes of every valid example, as files. A change in a schema or in the core shows as a diff.

`python -m tests.contract.golden` writes them again. Look at the diff before you commit it.
"""

import json
from typing import Any

from schemas.events import Event
from schemas.fields import format_moment
from schemas.parsing import Invalid
from services.core.fold import writes
from tests.support.examples import cases, golden_of, name, read_bytes


def written(event: Event) -> list[dict[str, Any]]:
    """Returns the register writes of an event, as JSON."""
    return [
        {"register": write.register, "effective_at": format_moment(write.effective_at), "value": write.value}
        for write in writes(event)
    ]


def main() -> None:
    """Write every golden file."""
    for path in cases("golden"):
        path.unlink()
    for path in cases("valid"):
        event = read_bytes(path.parts[-3], path.read_bytes())
        if isinstance(event, Invalid):
            raise SystemExit(f"{name(path)}: {event.reason}")
        golden_of(path).parent.mkdir(exist_ok=True)
        text = json.dumps(written(event), ensure_ascii=False, indent=2)
        golden_of(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
