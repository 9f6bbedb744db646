"""`/controle`: whether the report with a code still stands, for anybody and nothing more.

What is no code, was made by another store or is too old is answered alike, by the same steps: nobody learns which of
these it was. A page says the same as the answer for programs. It repeats nothing of what was typed. What else stands in
the query is left alone: mail systems add to the links in a letter.
"""

from typing import Literal

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.reads.controle import issued_by, stands
from services.reads.reader import Reader
from services.web.addresses import CONTROLE, CONTROLE_CODE, at
from services.web.formats import JSON
from services.web.problems import ProblemError, Veldfout, invalid, wants_page

Uitkomst = Literal["staat nog", "is achterhaald"]
_ONBEKEND = (
    "Deze code is niet bekend. Kijk na of hij klopt met wat er in de brief staat. Een code die te oud is, is ook niet "
    "bekend."
)
_ZINNEN: dict[Uitkomst, str] = {
    "staat nog": "Het rapport met deze code staat nog: met wat nu bekend is zijn de cijfers over dat moment dezelfde.",
    "is achterhaald": "Het rapport met deze code is achterhaald: over dat moment is intussen iets anders bekend. Vraag "
    "de afzender om een nieuw rapport.",
}
_HEADERS = {"Vary": "Accept", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_PAGE_HEADERS = _HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
}
_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{titel} – Opvangpeil</title>
<link rel="stylesheet" href="/static/opvangpeil.css">
<link rel="icon" href="/static/opvangpeil.svg" type="image/svg+xml">
</head>
<body><main>
<h1>Een rapport nakijken</h1>
{melding}<form action="{adres}" method="get" class="melding">
<p class="veld"><label for="code">Code uit de brief</label>
<span class="stil" id="uitleg">Hoofdletters, spaties en streepjes maken niet uit.</span>
<input id="code" name="code" maxlength="300" required autocomplete="off" autocapitalize="characters" \
spellcheck="false" aria-describedby="uitleg"></p>
<p><button>Kijk na</button></p>
</form>
<p>U ziet alleen of het rapport nog staat: geen cijfers, en niet over wie het gaat. Of uw brief hetzelfde zegt als dat \
rapport, blijkt hier niet.</p>
</main></body>
</html>
"""


def controle_router(reader: Reader, dagen: int) -> APIRouter:
    """Returns both addresses. `dagen`: for how many days after it was issued a report can be checked."""
    router = APIRouter(include_in_schema=False)

    def checked(request: Request, code: str) -> Response:
        now = reader.clock()
        issued = issued_by(reader.store.sealed, code)
        if not issued.counts(now, dagen):
            return _unknown(request)
        return _told(request, "staat nog" if stands(reader, issued, now) else "is achterhaald")

    @at(router, CONTROLE)
    def formulier(request: Request) -> Response:
        code, *more = request.query_params.getlist("code") or [""]
        if more:
            raise invalid([Veldfout(veld="code", melding="staat er meer dan eens in")])
        if not code.strip() and wants_page(request):
            return _page("Een rapport nakijken", "")
        return checked(request, code)

    @at(router, CONTROLE_CODE)
    def uitkomst(request: Request, code: str) -> Response:
        return checked(request, code)

    return router


def _told(request: Request, uitkomst: Uitkomst) -> Response:
    if wants_page(request):
        return _page(f"Dit rapport {uitkomst}", _ZINNEN[uitkomst])
    said = orjson.dumps({"uitkomst": uitkomst, "toelichting": _ZINNEN[uitkomst]})
    return Response(said, headers=_HEADERS, media_type=JSON)


def _unknown(request: Request) -> Response:
    if wants_page(request):
        return _page("Deze code is niet bekend", _ONBEKEND, 404)
    return ProblemError(404, _ONBEKEND, headers=_HEADERS).response(request)


def _page(titel: str, zin: str, status: int = 200) -> Response:
    melding = f'<p role="status"><strong>{zin}</strong></p>\n' if zin else ""
    html = _PAGE.format(titel=titel, melding=melding, adres=CONTROLE.path)
    return Response(html, status, _PAGE_HEADERS, "text/html; charset=utf-8")
