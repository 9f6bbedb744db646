"""Since when places are there: what a write to `plaatsen` says of that, and what a new report keeps of it."""

from datetime import datetime

from services.core.registers import Winner, end_of, moment_in


def er_sinds(winner: Winner) -> datetime:
    """Returns since when the places of a write are there: since it takes effect, unless it says otherwise."""
    return moment_in(winner.value, "beschikbaarVanaf") or winner.effective_at


def nog_er_sinds(held: Winner | None, vanaf: datetime) -> datetime | None:
    """Returns since when places are there that a report tells of anew, from `vanaf` on, without saying so itself.

    Without this the report would make them places of that day, and a telregel may ask how long they have been there.
    None where there are none to go on with: `held`, the write in force, says 0 places, ended, or is of later.
    """
    if held is None or not held.value["aantal"]:
        return None
    end, since = end_of(held), er_sinds(held)
    return None if since > vanaf or (end is not None and end <= vanaf) else since
