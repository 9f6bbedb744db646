"""Resets how far the processors have read, before a restore. This is refused while one of them reads."""

from typing import Any

import pytest
from kafka.errors import NodeNotReadyError

from services.eventlog import admin
from services.eventlog.brokers import Brokers, BrokerUnavailableError
from services.eventlog.groups import GroupInUseError, read_again


def admin_that_says(outcome: Any) -> type:
    """Makes an admin client whose broker gives this outcome when a group is deleted."""

    class Admin:
        def __init__(self, **_: Any) -> None:
            if isinstance(outcome, Exception):
                raise outcome

        def delete_groups(self, groups: list[str]) -> dict[str, str]:
            return dict.fromkeys(groups, outcome)

        def close(self) -> None:
            """There is nothing to close."""

    return Admin


@pytest.mark.parametrize(
    ("outcome", "raised", "words"),
    [
        ("OK", None, ""),
        ("GroupIdNotFoundError", None, ""),
        ("NonEmptyGroupError", GroupInUseError, "er loopt nog een verwerker"),
        ("GroupAuthorizationFailedError", BrokerUnavailableError, "GroupAuthorizationFailedError"),
        (NodeNotReadyError(), BrokerUnavailableError, "niet bereikbaar"),
    ],
)
def test_every_answer_of_a_broker_means_something(
    monkeypatch: pytest.MonkeyPatch, outcome: Any, raised: type[Exception] | None, words: str
) -> None:
    monkeypatch.setattr(admin, "KafkaAdminClient", admin_that_says(outcome))
    if raised is None:
        read_again(Brokers(("kafka1:9092",)), "groep")
        return
    with pytest.raises(raised, match=words):
        read_again(Brokers(("kafka1:9092",)), "groep")
