"""A client of a service in this process, through its whole ASGI stack."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.metrics import Figuren, Metrics, gathered, make_metrics

with warnings.catch_warnings():  # the framework prefers another client, which does the same
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient


@contextmanager
def client_of(app: FastAPI) -> Iterator[httpx.Client]:
    """Gives a client that gets errors as answers, and follows no redirect."""
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def from_address(client: httpx.Client, address: str) -> httpx.Client:
    """Gives another client of the same service, which asks from this address."""
    return TestClient(client.app, raise_server_exceptions=False, follow_redirects=False, client=(address, 50_000))


def fresh_metrics() -> Metrics:
    """Makes metrics with their own registry."""
    return make_metrics(CollectorRegistry())


def problem_of(answer: httpx.Response, status: int) -> dict:
    """Returns the problem in an answer, after checking that it is one (RFC 9457)."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "fouten"}
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def sampled(metrics: Metrics, figures: Figuren = MappingProxyType({})) -> dict[str, float]:
    """Returns the value of every sample in a scrape, by its name. Of samples with equal names it returns one."""
    shown = gathered(metrics.registry, figures, all_of_it=True)
    return {sample.name: sample.value for family in shown.collect() for sample in family.samples}
