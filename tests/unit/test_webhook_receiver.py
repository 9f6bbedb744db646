"""The receiver of webhooks in tests: it records, answers by its script, hangs, and is unreachable when stopped."""

import time

import httpx
import pytest

from tests.support.webhook_receiver import Answer, WebhookReceiver


def test_it_records_and_answers_in_order() -> None:
    with WebhookReceiver() as receiver, httpx.Client(base_url=receiver.url) as client:
        receiver.answer(503, Answer(429, b"x" * 5_000_000, {"Retry-After": "7"}))
        began = time.time()
        assert client.post("/a?b=c", json={"regel": "toegang"}, headers={"X-Proef": "ja"}).status_code == 503
        large = client.put("/b")
        assert (large.status_code, len(large.content), large.headers["retry-after"]) == (429, 5_000_000, "7")
        assert client.get("/c").status_code == 200
        first = receiver.requests[0]
        assert (first.method, first.path, first.headers["x-proef"]) == ("POST", "/a?b=c", "ja")
        assert first.json() == {"regel": "toegang"}
        assert began <= first.time <= time.time()
        assert [request.path for request in receiver.requests[1:]] == ["/b", "/c"]


def test_it_hangs_until_it_is_released() -> None:
    with WebhookReceiver() as receiver:
        receiver.otherwise(Answer(hang=True))
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(receiver.url, timeout=0.2)
        assert receiver.wait_for(len) == 1, "it was read all the same"
        receiver.release()
        assert httpx.post(receiver.url, timeout=5).status_code == 200


def test_stopped_it_is_gone_also_for_who_was_connected() -> None:
    with WebhookReceiver() as receiver, httpx.Client(base_url=receiver.url) as client:
        assert client.get("/").status_code == 200
        receiver.stop()
        with pytest.raises(httpx.TransportError):
            client.get("/")
        receiver.start()
        assert client.get("/").status_code == 200
        assert len(receiver.requests) == 2


def test_waiting_ends_with_what_came_instead() -> None:
    with WebhookReceiver() as receiver:
        httpx.post(f"{receiver.url}/ander", content=b"iets")
        with pytest.raises(AssertionError, match="POST /ander b'iets'"):
            receiver.wait_for(lambda requests: [one for one in requests if one.path == "/dit"], 0.1)
