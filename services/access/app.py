"""`/v1/toegang`: a beheerder makes, lists and withdraws tokens."""

from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.fields import Moment, format_moment
from services.access import audit, tokens
from services.access.access import Access
from services.access.guard import caller_of
from services.access.roles import Role, known_roles
from services.clock import Clock
from services.store.tokens import TokenRow
from services.web.addresses import TOKEN_INTREKKEN, TOKEN_MAKEN, TOKENS, at
from services.web.body import described as described_body
from services.web.body import read_body
from services.web.formats import JSON, require_json
from services.web.problems import ProblemError, Veldfout, invalid, refuse_parameters

RolNaam = Literal["lezer", "vertrouwelijk", "toezicht", "meter", "invoer", "importeur", "operator", "beheerder"]
TokenId = Annotated[str, Path(alias="id", description="Id van het token: het deel tussen ovp_ en de tweede _")]


class TokenAanvraag(BaseModel):
    """Een nieuw token."""

    model_config = ConfigDict(extra="forbid")

    naam: str = Field(description="Naam van het systeem dat het gebruikt; nooit die van een mens", examples=["grafana"])
    rollen: list[RolNaam] = Field(min_length=1, max_length=8, description="Wat het mag")
    source: str | None = Field(
        default=None, description="De enige source van zijn gebeurtenissen; bij invoer verplicht"
    )
    types: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="De enige types die het mag insturen, en dus intrekken; null: alle",
    )
    onderwerpen: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=500,
        description="De enige onderwerpen waarover het mag insturen: een id, of het begin ervan met een * erachter; "
        "null: alle. Met de rol toezicht ook wiens stappen van toezicht het ziet, en dan staat een provincie voor "
        "haar gemeenten",
        examples=[["LOC-*", "GM0344"]],
    )
    geldigTot: Moment | None = Field(default=None, description="Het eerste moment waarop het niet meer geldt")

    @property
    def bereik(self) -> tokens.Bereik:
        """What it may write."""
        return tokens.Bereik(self.types or (), self.onderwerpen or ())


class Token(BaseModel):
    """Een token, zonder het geheim."""

    id: str
    naam: str
    rollen: list[RolNaam]
    source: str | None
    types: list[str] | None = Field(description="De enige types die het mag insturen; null: wat zijn rollen mogen")
    onderwerpen: list[str] | None = Field(description="De enige onderwerpen waarover het mag insturen; null: alle")
    gemaaktOp: datetime
    geldigTot: datetime | None
    ingetrokkenOp: datetime | None


class NieuwToken(Token):
    """Een token dat zojuist is gemaakt."""

    token: str = Field(description="Het token zelf: staat nergens anders, en komt niet terug")


class TokenLijst(BaseModel):
    """Alle tokens, ook ingetrokken en verlopen."""

    items: list[Token]
    volgende: None = Field(description="Er is altijd maar één bladzijde")


_FIRST = (
    "het eerste token hoort er een van een beheerder te zijn: vanaf dan vraagt elk adres een token, en kan alleen een "
    "beheerder er nog een maken"
)
_MADE: dict[int | str, dict[str, Any]] = {
    201: {"description": "Gemaakt. Het token staat alleen in dit antwoord."},
    415: {"description": f"Stuur {JSON}."},
}


def access_router(access: Access, clock: Clock) -> APIRouter:
    """Returns everything under `/v1/toegang`."""
    router = APIRouter(
        tags=["toegang"],
        dependencies=[Depends(require_json), Depends(refuse_parameters)],
    )

    @at(
        router,
        TOKEN_MAKEN,
        status_code=201,
        response_model=NieuwToken,
        responses=_MADE,
        openapi_extra=described_body(TokenAanvraag),
    )
    def token_maken(request: Request, wanted: Annotated[TokenAanvraag, Depends(_wanted)]) -> Response:
        """Een token maken."""
        fouten = tokens.faults(wanted.naam, wanted.rollen, wanted.source, wanted.geldigTot, clock(), wanted.bereik)
        if access.set_up is False and Role.BEHEERDER not in wanted.rollen:
            fouten.append(Veldfout(veld="rollen", melding=_FIRST))
        if fouten:
            raise invalid(fouten)
        asked = wanted.naam, known_roles(wanted.rollen), wanted.source, wanted.geldigTot, clock(), wanted.bereik
        row, text = tokens.make(*asked)
        access.tokens.add(row)
        audit.act(request, caller_of(request), "token gemaakt", **audit.about(row))
        return _json(described(row) | {"token": text}, 201)

    @at(router, TOKENS, response_model=TokenLijst)
    def tokens_tonen() -> Response:
        """Alle tokens, zonder hun geheim."""
        return _json({"items": [described(row) for row in access.tokens.all()], "volgende": None}, 200)

    @at(router, TOKEN_INTREKKEN, status_code=204, responses={404: {"description": "Er is geen token met dit id."}})
    def token_intrekken(request: Request, own_id: TokenId) -> Response:
        """Een token intrekken; binnen 5 seconden geldt het nergens meer."""
        row = access.tokens.withdraw(own_id)
        if row is None:
            raise ProblemError(404, "Er is geen token met dit id.")
        audit.act(request, caller_of(request), "token ingetrokken", **audit.about(row))
        return Response(status_code=204)

    return router


def described(row: TokenRow) -> dict[str, Any]:
    """Returns a token as the API shows it."""
    return {
        "id": row.id,
        "naam": row.name,
        "rollen": list(row.roles),
        "source": row.source,
        "types": list(row.types) or None,
        "onderwerpen": list(row.subjects) or None,
        "gemaaktOp": format_moment(row.made_at),
        "geldigTot": None if row.expires_at is None else format_moment(row.expires_at),
        "ingetrokkenOp": None if row.withdrawn_at is None else format_moment(row.withdrawn_at),
    }


async def _wanted(request: Request) -> TokenAanvraag:
    return await read_body(request, TokenAanvraag)


def _json(answer: dict[str, Any], status: int) -> Response:
    return Response(orjson.dumps(answer), status, media_type=JSON)
