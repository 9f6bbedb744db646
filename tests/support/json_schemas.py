"""JSON Schema of the draft that we write. The library is imported when it is first used: that takes seconds."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def validator_of(schema: dict[str, Any]) -> "Draft202012Validator":
    """Returns what holds instances against a schema. Raises jsonschema.SchemaError when it is none."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  every worker of a round would import it

    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
