"""deploy/adviezen.py: known weaknesses of exactly the locked versions, and saying plainly when nobody was asked."""

import json

import httpx
import pytest

from deploy.adviezen import LOCK, NOT_ASKED, OSV, advice, locked, main

LOCKED = locked(LOCK.read_text())


def test_every_locked_version_is_asked_for() -> None:
    starts = [line for line in LOCK.read_text().splitlines() if line[:1].isalnum()]
    assert len(LOCKED) == len(starts) > 100
    assert locked("chdb[x]==4.1.0 ; sys_platform == 'linux' \\\n    --hash=sha256:00\n# a==1\n") == [("chdb", "4.1.0")]


def _osv(request: httpx.Request) -> httpx.Response:
    asked = json.loads(request.content)["queries"]
    weak = {"package": {"ecosystem": "PyPI", "name": "jinja2"}, "version": "2.4.1"}
    return httpx.Response(200, json={"results": [{"vulns": [{"id": "GHSA-1"}]} if q == weak else {} for q in asked]})


def test_it_names_the_advisories_of_a_version_that_has_any() -> None:
    packages = [("rich", "15.0.0"), ("jinja2", "2.4.1"), ("jinja2", "3.1.6")]
    client = httpx.Client(transport=httpx.MockTransport(_osv))
    assert advice(packages, client) == [("jinja2", "2.4.1", ["GHSA-1"])]


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (None, NOT_ASKED, "Niet nagekeken op bekende zwakheden"),
        (httpx.Response(503), NOT_ASKED, "Niet nagekeken op bekende zwakheden"),
        (httpx.Response(200, text="<html>"), NOT_ASKED, "Niet nagekeken op bekende zwakheden"),
        (httpx.Response(200, json={"results": [{}]}), NOT_ASKED, "Niet nagekeken op bekende zwakheden"),
        (httpx.Response(200, json={"results": [{}] * len(LOCKED)}), 0, "; 0 met een bekende zwakheid"),
        (
            httpx.Response(200, json={"results": [{"vulns": [{"id": "PYSEC-1"}]}] + [{}] * (len(LOCKED) - 1)}),
            1,
            "https://osv.dev/PYSEC-1",
        ),
    ],
)
def test_the_exit_code_says_whether_it_was_asked_and_what_came(
    capsys: pytest.CaptureFixture[str], answer: httpx.Response | None, code: int, words: str
) -> None:
    def osv(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == OSV
        if answer is None:
            raise httpx.ConnectError("geen netwerk")
        return answer

    assert main(httpx.Client(transport=httpx.MockTransport(osv))) == code
    assert words in capsys.readouterr().out
