"""The one way in which commands show moments: on the Dutch clock, and said so. Programs that read JSON get UTC."""

import re
from datetime import datetime
from typing import Any

from services.core.dutch import dutch_moment

KLOK = "Nederlandse tijd"
"""Said once beside the moments of an answer."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def op_de_klok(value: Any) -> Any:
    """Returns a value with every moment in it as a person reads it. Anything else stays as it is."""
    if isinstance(value, datetime):
        return dutch_moment(value)
    if isinstance(value, str):
        return _MOMENT.sub(lambda found: dutch_moment(datetime.fromisoformat(found[0])), value)
    if isinstance(value, dict):
        return {name: op_de_klok(inner) for name, inner in value.items()}
    return [op_de_klok(inner) for inner in value] if isinstance(value, list) else value


def op_de_dag(value: str) -> str:
    """Returns the Dutch day of a moment: of a term the day counts, and not its beginning."""
    return str(op_de_klok(value)).rpartition(" ")[0]


def wanneer(answer: dict[str, Any]) -> str:
    """Returns for which moment an answer holds, and with what knowledge."""
    return f"stand van {op_de_klok(answer['geldigOp'])}, zoals bekend op {op_de_klok(answer['bekendOp'])}"
