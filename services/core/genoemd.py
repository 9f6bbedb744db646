"""What sentences call things that have a name for programs: a telregel, a rule for alarms."""

from schemas.fields import OWN_RULE


def telregel(naam: str | None, cyclus: str = "") -> str:
    """Returns what a sentence calls a telregel; with `cyclus`, also of which cyclus. None: that of the cyclus."""
    if naam is None or naam == OWN_RULE:
        return f"de telregel van {f'cyclus {cyclus}' if cyclus else 'de cyclus'} zelf"
    return f"telregel {regel(naam)}{f' van cyclus {cyclus}' if cyclus else ''}"


def regel(naam: str) -> str:
    """Returns the name of a rule in words."""
    return naam.replace("-", " ")
