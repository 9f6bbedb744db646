"""Tokens of an OpenID issuer, and logging in with a browser. The fake issuer signs whatever the test asks."""

import asyncio
import hmac
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey

from schemas.fields import parse_moment
from services.access import Role, oidc
from services.access.oidc import Issuer
from services.store.tokens import TokenTable
from services.web import ProblemError
from tests.support.access_help import AUDIENCE, CLIENT, ISSUER, FakeIssuer, access_of, audited, bearer, serving, token
from tests.support.web_client import problem_of

NOW = parse_moment("2026-05-26T08:00:00Z")
STRANGER = RSAKey.generate_key(2048, {"kid": "een"})


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def issuer(clock):
    return FakeIssuer(clock)


def shown(made: Issuer, text: str):
    return asyncio.run(made.caller(text))


def seconds(number: int) -> int:
    return int(NOW.timestamp()) + number


def as_hs256(issuer: FakeIssuer) -> str:
    """Makes a token that is signed with the public key, as if that were a shared secret."""
    head = urlsafe_b64encode(b'{"alg":"HS256","kid":"een"}').decode().rstrip("=")
    said = f"{head}.{issuer.sign().split('.')[1]}"
    seal = hmac.digest(issuer.key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{urlsafe_b64encode(seal).decode().rstrip('=')}"


def unsigned(issuer: FakeIssuer) -> str:
    _, claims, _ = issuer.sign().split(".")
    return f"eyJhbGciOiJub25lIiwia2lkIjoiZWVuIn0.{claims}."


def changed(issuer: FakeIssuer) -> str:
    """Makes a token with changed claims and the signature of another token."""
    header, _, signature = issuer.sign().split(".")
    return f"{header}.{issuer.sign(roles=['beheerder']).split('.')[1]}.{signature}"


WRONG = {
    "verlopen": (lambda i: i.sign(exp=seconds(-31)), "verlopen"),
    "andere sleutel": (lambda i: i.sign(STRANGER), "handtekening"),
    "veranderd": (changed, "handtekening"),
    "alg none": (unsigned, "alg"),
    "HS256 met de openbare sleutel": (as_hs256, "alg"),
    "ander publiek": (lambda i: i.sign(aud="ander-systeem"), AUDIENCE),
    "andere uitgever": (lambda i: i.sign(iss="https://elders.example"), ISSUER),
    "onbekende kid": (lambda i: i.sign(header={"kid": "twee"}), ISSUER),
    "nog niet geldig": (lambda i: i.sign(nbf=seconds(31)), "nbf"),
    "in de toekomst gemaakt": (lambda i: i.sign(iat=seconds(31)), "iat"),
    "zonder exp": (lambda i: i.sign(exp=None), "exp"),
    "zonder aud": (lambda i: i.sign(aud=None), AUDIENCE),
    "zonder iss": (lambda i: i.sign(iss=None), ISSUER),
    "zonder sub": (lambda i: i.sign(sub=None), "sub"),
    "zonder iat": (lambda i: i.sign(iat=None), "iat"),
    "exp is tekst": (lambda i: i.sign(exp="morgen"), "exp"),
    "ander soort": (lambda i: i.sign(header={"typ": "logout+jwt"}), "typ"),
    "geen JWT": (lambda _: "a.b.c", "kop"),
    "te lang": (lambda i: i.sign(veel="x" * 9000), "JWT"),
    "geen drie delen": (lambda _: "abc", "JWT"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_token_that_is_not_right_is_refused_and_told_why(store, issuer, clock, name):
    made, told = WRONG[name]
    with serving(store, access_of(TokenTable(store.connection), clock, issuer.issuer()), clock) as client:
        assert client.get("/v1/provincies", headers=bearer(issuer.sign())).status_code == 200
        with audited() as lines:
            answer = client.get("/v1/provincies", headers=bearer(made(issuer)))
        assert told in problem_of(answer, 401)["detail"]
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert [line["status"] for line in lines] == [401]
    assert made(issuer) not in str(lines)


@pytest.mark.parametrize(
    ("claims", "settings", "roles"),
    [
        ({"roles": ["lezer", "elders-baas"]}, {}, {Role.LEZER}),
        ({"roles": "lezer operator"}, {}, {Role.LEZER, Role.OPERATOR}),
        ({"roles": None}, {}, set()),
        ({"roles": [1, {}]}, {}, set()),
        ({"realm_access": {"roles": ["beheerder"]}}, {"role_claim": "realm_access.roles"}, {Role.BEHEERDER}),
        ({"realm_access": ["beheerder"]}, {"role_claim": "realm_access.roles"}, set()),
        ({"https://a.example/roles": ["invoer"]}, {"role_claim": "https://a.example/roles"}, {Role.INVOER}),
    ],
)
def test_roles_come_from_a_claim(issuer, claims, settings, roles):
    caller = shown(issuer.issuer(**settings), issuer.sign(**claims, source="urn:x"))
    assert (caller.id, caller.roles, caller.source) == ("af31", roles, "urn:x")


def test_an_audience_may_be_one_of_several_and_a_clock_may_differ_a_little(issuer):
    made = issuer.issuer()
    assert shown(made, issuer.sign(aud=["a", AUDIENCE], exp=seconds(-29), nbf=seconds(29)))
    assert shown(made, issuer.sign(header={"typ": "at+jwt"}))


def test_a_new_key_is_fetched_and_unknown_ones_do_not_make_us_ask_on_and_on(issuer, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(oidc.time, "monotonic", lambda: now[0])

    async def act():
        made = issuer.issuer()
        await made.caller(issuer.sign())
        issuer.key = RSAKey.generate_key(2048, {"kid": "twee"})
        fresh = issuer.sign(header={"kid": "twee"})
        for _ in range(3):
            with pytest.raises(ProblemError):
                await made.caller(fresh)  # the keys were fetched just now, so not again at once
        assert issuer.asked == 1
        now[0] += oidc.RETRY_SECONDS
        await made.caller(fresh)
        assert issuer.asked == 2

    asyncio.run(act())


def test_known_keys_go_on_while_the_issuer_is_away_and_without_any_it_is_503(issuer, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(oidc.time, "monotonic", lambda: now[0])

    async def act():
        made = issuer.issuer()
        issuer.away = True
        with pytest.raises(ProblemError) as unsure:
            await made.caller(issuer.sign())
        assert unsure.value.status == 503
        issuer.away = False
        now[0] += oidc.RETRY_SECONDS
        await made.caller(issuer.sign())
        issuer.away = True
        now[0] += oidc.KEYS_SECONDS_MAX + 1
        await made.caller(issuer.sign())

    asyncio.run(act())


def test_a_key_of_another_kind_is_not_taken(issuer):
    made = issuer.issuer()
    with pytest.raises(ProblemError):
        shown(made, issuer.sign(STRANGER))
    issuer.key = ECKey.generate_key("P-256", {"kid": "een"})
    assert shown(issuer.issuer(), issuer.sign(header={"alg": "ES256"}))


def test_both_kinds_of_token_are_good_at_the_same_time(store, issuer, clock):
    table = TokenTable(store.connection)
    text = token(table, clock, Role.LEZER)
    with serving(store, access_of(table, clock, issuer.issuer()), clock) as client:
        for one in (text, issuer.sign()):
            assert client.get("/v1/provincies", headers=bearer(one)).status_code == 200
        problem_of(client.get("/v1/provincies"), 401)
        problem_of(client.get("/v1/provincies", headers=bearer(issuer.sign(roles=["invoer"]))), 403)


# Logging in with a browser.


@contextmanager
def browser(store, issuer, clock, base="http://127.0.0.1:8080", **options):
    access = access_of(TokenTable(store.connection), clock, issuer.issuer(), **options)
    with serving(store, access, clock) as client:
        client.base_url = base
        yield client


def at_the_issuer(issuer: FakeIssuer, address: str) -> str:
    """Returns the address to which the issuer sends the browser back."""

    async def visit() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(issuer.app())) as visitor:
            return await visitor.get(address)

    return asyncio.run(visit()).headers["location"]


def log_in(client, issuer, start="/inloggen") -> httpx.Response:
    sent = client.get(start)
    assert sent.status_code == 303, sent.text
    return client.get(at_the_issuer(issuer, sent.headers["location"]))


def test_a_browser_is_sent_to_the_issuer_and_comes_back_with_a_session(store, issuer, clock):
    with browser(store, issuer, clock) as client, audited() as lines:
        page = client.get("/?geldigOp=2024-05-10", headers={"Accept": "text/html"})
        assert page.status_code == 303
        sent = client.get(page.headers["location"])
        asked = {name: value[0] for name, value in parse_qs(urlsplit(sent.headers["location"]).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == ("code", "S256", CLIENT)
        assert asked["redirect_uri"] == "http://127.0.0.1:8080/inloggen/terug"
        assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
        back = client.get(at_the_issuer(issuer, sent.headers["location"]))
        assert (back.status_code, back.headers["location"]) == (303, "/?geldigOp=2024-05-10")
        (cookie,) = [one for one in back.headers.get_list("set-cookie") if one.startswith("opvangpeil-sessie=")]
        assert {"HttpOnly", "SameSite=lax", "Max-Age=28800", "Path=/"} <= set(cookie.split("; "))
        assert "af31" not in cookie
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
        assert "Uitloggen" in client.get("/").text
        assert client.get("/v1/provincies").status_code == 200
        problem_of(client.get("/v1/toegang"), 403)
        assert client.post("/uitloggen", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
        problem_of(client.get("/v1/provincies"), 401)
    assert issuer.exchanged[0]["authorization"].startswith("Basic ")
    assert "code_verifier" in issuer.exchanged[0]
    assert [line["event"] for line in lines] == ["ingelogd", "geweigerd", "uitgelogd", "geweigerd"]
    assert all(line["wie"] in ("oidc:af31", "sessie:af31", "onbekend") for line in lines)


def test_over_https_the_cookie_is_secure_and_of_this_host_alone(store, issuer, clock):
    with browser(
        store, issuer, clock, "http://opvangpeil.example.org", public_url="https://opvangpeil.example.org"
    ) as client:
        sent = client.get("/inloggen")
        assert "redirect_uri=https%3A%2F%2Fopvangpeil.example.org%2Finloggen%2Fterug" in sent.headers["location"]
        (begun,) = sent.headers.get_list("set-cookie")
        assert begun.startswith("__Host-opvangpeil-inlog=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(begun.split("; "))
        assert "Domain" not in begun


def test_over_plain_http_nobody_logs_in_from_elsewhere(store, issuer, clock):
    with browser(store, issuer, clock, "http://opvangpeil.example.org") as client:
        problem_of(client.get("/inloggen"), 403)


def test_a_session_ends_after_eight_hours(store, issuer, clock):
    with browser(store, issuer, clock) as client:
        log_in(client, issuer)
        clock.now += timedelta(hours=8)
        problem_of(client.get("/v1/provincies"), 401)


def test_a_wrong_state_is_refused(store, issuer, clock):
    with browser(store, issuer, clock) as client:
        address = at_the_issuer(issuer, client.get("/inloggen").headers["location"])
        with audited() as lines:
            problem_of(client.get(address.replace("state=", "state=x")), 403)
        assert [(line["status"], line["wie"], bool(line["reden"])) for line in lines] == [(403, "onbekend", True)]
        assert issuer.exchanged == []
        problem_of(client.get(address), 403)  # a failed attempt can't be used again


def test_an_answer_that_another_browser_began_is_refused(store, issuer, clock):
    with browser(store, issuer, clock) as one, browser(store, issuer, clock) as other:
        address = at_the_issuer(issuer, one.get("/inloggen").headers["location"])
        problem_of(other.get(address), 403)


def test_a_code_works_once(store, issuer, clock):
    with browser(store, issuer, clock) as client:
        sent = client.get("/inloggen")
        begun = dict(client.cookies)
        address = at_the_issuer(issuer, sent.headers["location"])
        assert client.get(address).status_code == 303
        client.cookies = begun
        problem_of(client.get(address), 401)
        problem_of(client.get("/v1/provincies"), 401)


def test_without_the_verifier_of_this_browser_a_code_is_worth_nothing(store, issuer, clock):
    """An attacker could slip in a code of their own."""
    with browser(store, issuer, clock) as client:
        stolen = at_the_issuer(issuer, client.get("/inloggen").headers["location"])
        code = parse_qs(urlsplit(stolen).query)["code"][0]
        mine = parse_qs(urlsplit(client.get("/inloggen").headers["location"]).query)["state"][0]
        problem_of(client.get(f"/inloggen/terug?code={code}&state={mine}"), 401)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"nonce": "ander"}, 401),
        ({"aud": AUDIENCE}, 401),
        ({"iss": "https://elders.example"}, 401),
        ({"exp": 1}, 401),
        ({"azp": "ander"}, 401),
        ({"roles": []}, 303),  # the roles are in the access token
        ({"roles": [], "sub": "iemand-anders"}, 403),
    ],
)
def test_who_the_issuer_says_it_is_must_be_right(store, issuer, clock, claims, status):
    issuer.claims = claims
    with browser(store, issuer, clock) as client:
        answer = log_in(client, issuer)
        assert answer.status_code == status
        assert client.get("/v1/provincies").status_code == (200 if status == 303 else 401)


@pytest.mark.parametrize(
    "naar", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb", "x", "/%0d%0aX:1"]
)
def test_logging_in_never_leads_elsewhere(store, issuer, clock, naar):
    with browser(store, issuer, clock) as client:
        sent = client.get("/inloggen", params={"naar": naar})
        location = client.get(at_the_issuer(issuer, sent.headers["location"])).headers["location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert "\n" not in location


def test_a_session_changes_things_from_our_own_pages_only(store, issuer, clock):
    issuer.claims = {"roles": ["beheerder"]}
    wanted = {"naam": "a", "rollen": ["lezer"]}
    with browser(store, issuer, clock) as client:
        log_in(client, issuer)
        for headers in (
            {},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"},
        ):
            problem_of(client.post("/v1/toegang", json=wanted, headers=headers), 403)
        for headers in ({"Origin": "http://127.0.0.1:8080"}, {"Sec-Fetch-Site": "same-origin"}):
            assert client.post("/v1/toegang", json=wanted, headers=headers).status_code == 201


def test_a_browser_without_a_login_here_gets_the_problem(store, issuer, clock):
    made = issuer.issuer(client=None)
    with serving(store, access_of(TokenTable(store.connection), clock, made), clock) as client:
        answer = client.get("/", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "text/html; charset=utf-8")
        problem_of(client.get("/"), 401)
        problem_of(client.get("/inloggen"), 404)


def test_the_issuer_may_refuse_or_be_away(store, issuer, clock):
    with browser(store, issuer, clock) as client:
        address = at_the_issuer(issuer, client.get("/inloggen").headers["location"])
        state = parse_qs(urlsplit(address).query)["state"][0]
        problem_of(client.get(f"/inloggen/terug?error=access_denied&state={state}"), 401)
    issuer.away = True
    with browser(store, issuer, clock) as client:
        problem_of(client.get("/inloggen"), 503)


def test_a_public_client_shows_no_secret(store, issuer, clock):
    access = access_of(TokenTable(store.connection), clock, issuer.issuer(secret=None))
    with serving(store, access, clock) as client:
        client.base_url = "http://127.0.0.1:8080"
        assert log_in(client, issuer).status_code == 303
    assert issuer.exchanged[0]["authorization"] == ""
    assert issuer.exchanged[0]["client_id"] == CLIENT
