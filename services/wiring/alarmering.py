"""The rules for alarms and who receives them, as their files say."""

from pathlib import Path
from typing import NamedTuple

from schemas.alarmregels import AlarmRegel, read_regels
from schemas.ontvangers import read_ontvangers
from schemas.toml_lines import BestandError
from services.alarms.deliver.outward import RefusedAddressError
from services.alarms.deliver.receiver import Receiver
from services.alarms.deliver.webhook import SecretError
from services.config import Config

BESIDE = "ontvangers.toml"
"""The file of receivers, where none is named: beside the rules."""


class Alarmering(NamedTuple):
    """What to watch, and whom to tell."""

    regels: tuple[AlarmRegel, ...]
    receivers: tuple[Receiver, ...]


def read_alarmering(config: Config) -> Alarmering:
    """Read both files. Raises BestandError, with every error of a file by its line."""
    regels = read_regels(_text(config.alarm_rules), str(config.alarm_rules))
    file = config.receivers or config.alarm_rules.parent / BESIDE
    if config.receivers is None and not file.exists():
        return Alarmering(regels, ())
    ontvangers = read_ontvangers(_text(file), str(file), frozenset(regel.naam for regel in regels))
    try:
        return Alarmering(regels, tuple(Receiver(one, file.parent, config.url) for one in ontvangers))
    except (SecretError, RefusedAddressError) as error:
        raise BestandError(f"{file}: {error}") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BestandError(f"{file} is niet te lezen: {error}") from error
