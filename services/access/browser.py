"""Logging in with a browser: the OIDC authorization code flow with PKCE, and then a session in a cookie.

EventSource can't send a header and a token never stands in a URL, so pages need a session.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.access import audit
from services.access.access import Access
from services.access.guard import caller_of
from services.access.oidc import LOCAL_HOSTS, Issuer, IssuerAwayError, trusted
from services.access.refusals import forbidden
from services.access.roles import Caller
from services.access.session import LOGIN_MAX, SESSION_MAX, TooLongError
from services.web.addresses import INLOGGEN, INLOGGEN_TERUG, UITLOGGEN, at
from services.web.problems import PROBLEM, ProblemError, invalid, unavailable, unknown_parameter

_AWAY = "De uitgever (OIDC) antwoordt niet. Probeer het zo weer."
_AGAIN = "Begin opnieuw bij /inloggen."
_LOGGED_OUT = """<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><title>Uitgelogd: Opvangpeil</title></head>
<body><main><h1>U bent uitgelogd</h1><p><a href="/inloggen">Opnieuw inloggen</a></p></main></body>
</html>
"""
_log = structlog.get_logger("toegang")


def browser_router(access: Access) -> APIRouter:
    """Returns the addresses of logging in, coming back from the issuer, and logging out."""
    router = APIRouter(include_in_schema=False)

    @at(router, INLOGGEN)
    async def inloggen(request: Request) -> Response:
        issuer, client = _issuer(access, request)
        _only(request, "naar")
        metadata = await issuer.metadata()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        back = {"state": state, "nonce": nonce, "pkce": verifier, "naar": _local(request.query_params.get("naar", "/"))}
        question = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": _back(access, request),
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        try:
            address = trusted(metadata.get("authorization_endpoint"))
        except IssuerAwayError as error:
            raise unavailable(_AWAY) from error
        answer = RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(question)}", 303)
        _keep(access, request, answer, "inlog", access.seals.seal("inlog", back, LOGIN_MAX), LOGIN_MAX.seconds)
        return answer

    @at(router, INLOGGEN_TERUG)
    async def terug(request: Request) -> Response:
        issuer, client = _issuer(access, request)
        begun = access.seals.open("inlog", request.cookies.get(access.cookie_name(request, "inlog"), ""))
        try:
            begun = _begun(issuer, request, begun)
            caller = await _logged_in(access, issuer, client, request, begun)
            session = _sealed(access, caller)
        except ProblemError as problem:
            request.scope.get(PROBLEM, {})["detail"] = problem.detail  # for the audit log
            refusal = problem.response(request)
            _forget(access, request, refusal, "inlog")
            return refusal
        audit.act(request, caller, "ingelogd", rollen=sorted(caller.roles))
        answer = RedirectResponse(begun["naar"], 303)
        _forget(access, request, answer, "inlog")
        _keep(access, request, answer, "sessie", session, int(SESSION_MAX.total_seconds()))
        return answer

    @at(router, UITLOGGEN)
    async def uitloggen(request: Request) -> Response:
        audit.act(request, caller_of(request), "uitgelogd")
        answer = Response(status_code=204)
        if "text/html" in request.headers.get("accept", ""):
            answer = HTMLResponse(_LOGGED_OUT)
        _forget(access, request, answer, "sessie")
        return answer

    return router


def _sealed(access: Access, caller: Caller) -> str:
    """Raises ProblemError 403 for a session that no browser would keep."""
    try:
        return access.seals.session(caller)
    except TooLongError as error:
        raise forbidden(str(error)) from error


def _begun(issuer: Issuer, request: Request, begun: dict[str, Any] | None) -> dict[str, Any]:
    """Returns what this browser began with. Raises ProblemError 401 or 403 when the issuer answers something else."""
    asked = request.query_params
    if begun is None or not hmac.compare_digest(begun["state"].encode(), asked.get("state", "").encode()):
        raise forbidden(
            f"Deze aanmelding is niet in deze browser begonnen, of duurde langer dan tien minuten. {_AGAIN}"
        )
    if asked.get("iss", issuer.settings.issuer) != issuer.settings.issuer:  # RFC 9207: not mixed up with another
        raise forbidden(f"Het antwoord komt van een andere uitgever. {_AGAIN}")
    if "error" in asked or not asked.get("code"):
        raise ProblemError(401, f"De uitgever heeft niemand aangemeld. {_AGAIN}")
    return begun


async def _logged_in(access: Access, issuer: Issuer, client: str, request: Request, begun: dict[str, Any]) -> Caller:
    """Returns who came back from the issuer. Raises ProblemError 401, 403 or 503."""
    given = await _exchange(access, issuer, request, request.query_params["code"], begun["pkce"])
    claims = await issuer.claims(str(given.get("id_token", "")), client, begun["nonce"])
    if claims.get("azp", client) != client:
        raise ProblemError(401, f"De aanmelding is voor een ander systeem bedoeld. {_AGAIN}")
    caller = issuer.caller_of(claims)
    if not caller.roles:  # some issuers tell roles in the access token only
        caller = await _with_roles(issuer, caller, given.get("access_token"))
    if not caller.roles:
        raise forbidden("U bent aangemeld, maar uw account heeft hier geen rol. Vraag de beheerder van uw organisatie.")
    return caller


async def _exchange(access: Access, issuer: Issuer, request: Request, code: str, verifier: str) -> dict[str, Any]:
    settings, metadata = issuer.settings, await issuer.metadata()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(access, request),
        "client_id": settings.client,
        "code_verifier": verifier,
    }
    # RFC 6749 §2.3.1: in the header, each form-encoded first
    secret: Any = httpx.USE_CLIENT_DEFAULT
    if settings.secret is not None:
        secret = httpx.BasicAuth(_encoded(settings.client), _encoded(settings.secret))
    try:
        answer = await issuer.client.post(trusted(metadata.get("token_endpoint")), data=form, auth=secret)
        given = answer.json()
    except (httpx.HTTPError, IssuerAwayError, ValueError) as error:
        raise unavailable(_AWAY) from error
    if answer.status_code != httpx.codes.OK or not isinstance(given, dict):
        reason = given.get("error") if isinstance(given, dict) else None
        _log.warning("uitgever geeft geen token", status=answer.status_code, fout=str(reason)[:100])
        raise ProblemError(401, f"De uitgever neemt deze aanmelding niet aan (al gebruikt, of te laat). {_AGAIN}")
    return given


async def _with_roles(issuer: Issuer, caller: Caller, access_token: object) -> Caller:
    if not isinstance(access_token, str):
        return caller
    try:
        other = await issuer.caller(access_token)
    except ProblemError:
        return caller
    return other if other.id == caller.id else caller


def _issuer(access: Access, request: Request) -> tuple[Issuer, str]:
    """Returns the issuer and our client id there. Raises ProblemError 404 or 403 when browsers can't log in."""
    if access.issuer is None or access.issuer.settings.client is None:
        raise ProblemError(404, "Inloggen met een browser is hier niet ingesteld.")
    if not access.secure(request) and request.url.hostname not in LOCAL_HOSTS:
        raise forbidden("Inloggen kan alleen over https.")
    return access.issuer, access.issuer.settings.client


def _only(request: Request, *known: str) -> None:
    if unknown := [name for name in request.query_params if name not in known]:
        raise invalid(unknown_parameter(name, known) for name in unknown)


def _local(path: str) -> str:
    """Returns where to go afterwards: a path of ours, never an address elsewhere."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and len(path) <= 1000 else "/"


def _back(access: Access, request: Request) -> str:
    return f"{access.base_url(request)}{INLOGGEN_TERUG.path}"


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _encoded(text: str | None) -> str:
    return quote(text or "", safe="")


def _keep(access: Access, request: Request, answer: Response, kind: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        access.cookie_name(request, kind),
        value,
        max_age=seconds,
        path="/",
        secure=access.secure(request),
        httponly=True,
        samesite="lax",
    )


def _forget(access: Access, request: Request, answer: Response, kind: str) -> None:
    _keep(access, request, answer, kind, "", 0)
