"""deploy/images.lock: the one list of images, which digests it has, and how it gets them from a registry."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from deploy.images import (
    LOCK,
    OWN,
    RegistryError,
    digest_of,
    files_with_images,
    fill,
    read_lock,
    reference,
    with_digests,
    write,
)
from tests.support.deploy_files import DEPLOY, IMAGE, documents

INDEX = "application/vnd.oci.image.index.v1+json"
BODY = b'{"schemaVersion": 2, "manifests": []}'
DIGEST = f"sha256:{hashlib.sha256(BODY).hexdigest()}"
LOCKED = read_lock(LOCK.read_text())


def _named(value: Any) -> Iterator[str]:
    """Every image that a document names, at any depth."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key == "image" and isinstance(below, str):
                yield below
            yield from _named(below)
    elif isinstance(value, list):
        for below in value:
            yield from _named(below)


def _images_in_use() -> set[str]:
    found = set(re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    for file in DEPLOY.rglob("*.y*ml"):
        found |= {image for document in documents(file) for image in _named(document)}
    return {image.removeprefix("${OPVANGPEIL_IMAGE:-").removesuffix("}") for image in found}


def test_the_files_name_exactly_the_images_of_the_lock_each_with_the_digest_it_has_there() -> None:
    assert _images_in_use() == {reference(name, found) for name, found in LOCKED.items()}, "run `make images`"
    assert [name for name, found in LOCKED.items() if found == OWN] == [IMAGE]


def test_a_digest_is_one_or_it_is_plainly_empty() -> None:
    for name, found in LOCKED.items():
        assert re.fullmatch(r"leeg|eigen|sha256:[0-9a-f]{64}", found), name


def test_every_file_that_names_an_image_gets_its_digest() -> None:
    for file in files_with_images():
        text = file.read_text()
        filled = with_digests(text, {name: found if found == OWN else DIGEST for name, found in LOCKED.items()})
        assert filled.count("@sha256:") == sum(
            text.count(name) for name, found in LOCKED.items() if found != OWN and name in text
        )
        assert with_digests(filled, LOCKED) == text, "what is empty again is named by its tag again"


def _hub(request: httpx.Request) -> httpx.Response:
    """A registry that asks for a token which everybody can get, as Docker Hub does."""
    if request.url.host == "auth.example":
        assert dict(request.url.params) == {"service": "hub", "scope": "repository:library/python:pull"}
        return httpx.Response(200, json={"token": "mag-lezen"})
    assert str(request.url) == "https://registry-1.docker.io/v2/library/python/manifests/3.11-slim"
    if request.headers.get("authorization") != "Bearer mag-lezen":
        scope = 'Bearer realm="https://auth.example/token",service="hub",scope="repository:library/python:pull"'
        return httpx.Response(401, headers={"www-authenticate": scope})
    assert INDEX in request.headers["accept"]
    return httpx.Response(200, content=BODY, headers={"content-type": INDEX, "docker-content-digest": DIGEST})


def _client(registry: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(registry))


def test_a_digest_is_that_of_what_the_registry_sends() -> None:
    assert digest_of("python:3.11-slim", _client(_hub)) == DIGEST


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={}),
        httpx.Response(200, text="<html>welkom</html>"),
        httpx.Response(200, content=BODY, headers={"content-type": INDEX, "docker-content-digest": "sha256:00"}),
        httpx.Response(401, headers={"www-authenticate": "Basic"}),
        httpx.Response(401, headers={"www-authenticate": 'Bearer realm="http://elders.example/token"'}),
    ],
)
def test_what_is_no_image_gives_no_digest(answer: httpx.Response) -> None:
    with pytest.raises(RegistryError):
        digest_of("ghcr.io/iets/anders:1", _client(lambda _: answer))


def test_where_no_registry_answers_the_lock_stays_as_it_was_and_each_image_is_named() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("geen netwerk")

    before = {"apache/kafka:4.1.0": "leeg", "python:3.11-slim": DIGEST, IMAGE: "eigen"}
    filled, said = fill(before, _client(away))
    assert filled == before
    assert said == [
        "apache/kafka:4.1.0: niet opgehaald (geen netwerk); blijft leeg",
        "python:3.11-slim: niet opgehaald (geen netwerk); de digest van eerder blijft staan",
    ]


def test_what_a_registry_gave_is_written_in_the_lock_and_in_the_files(tmp_path: Any) -> None:
    lock, file = tmp_path / "images.lock", tmp_path / "Dockerfile"
    lock.write_text(f"# uitleg\npython:3.11-slim leeg\n{IMAGE} eigen\n")
    file.write_text("FROM python:3.11-slim AS bouw\nFROM python:3.11-slim\n# python:3.11-slimmer\n")
    filled, said = fill(read_lock(lock.read_text()), _client(_hub))
    assert said == []
    write(lock, filled, [file])
    assert lock.read_text() == f"# uitleg\npython:3.11-slim {DIGEST}\n{IMAGE} eigen\n"
    named = f"python:3.11-slim@{DIGEST}"
    assert file.read_text() == f"FROM {named} AS bouw\nFROM {named}\n# python:3.11-slimmer\n"
