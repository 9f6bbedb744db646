"""What everything that is taken away says of itself: who publishes it, by which licence, and where it is explained."""

from dataclasses import dataclass

from fastapi import Request

from services.web.addresses import CONTROLE_CODE, DEFINITIES

GEEN_LICENTIE = "geen licentie opgegeven"
"""What stands in the place of a licence that nobody chose. Silence would be read as freedom, or as none."""


@dataclass(frozen=True, slots=True)
class Publicatie:
    """What the operator says about publishing. None: it does not say so."""

    licentie: str | None = None
    """The URI of the licence, as authority lists write it."""
    uitgever: str | None = None
    """The name of the organisation that publishes."""
    uitgever_uri: str | None = None
    """The URI by which authority lists know that organisation."""
    contact: str | None = None
    """Where people ask about the data: an e-mail address, or the URL of a page."""
    url: str | None = None
    """The URL by which others reach us, without a path. None: as each request says."""

    def begin(self, request: Request) -> str:
        """Returns how whoever sent this request reaches us: the begin of every URL, without a path."""
        return self.url or f"{request.url.scheme}://{request.url.netloc}"


def publicatie_of(request: Request) -> Publicatie:
    """Returns what the operator of this service says."""
    found: Publicatie = request.app.state.publicatie
    return found


def gebruik(request: Request) -> dict[str, str]:
    """Returns what each file and each report says of its use: its licence, and where its figures are explained."""
    said = publicatie_of(request)
    return {"licentie": said.licentie or GEEN_LICENTIE, "definities": f"{said.begin(request)}{DEFINITIES.path}"}


def controle_at(request: Request, code: str) -> str:
    """Returns the URL where anybody can have the report with this code checked."""
    return f"{publicatie_of(request).begin(request)}{CONTROLE_CODE.to(code)}"


def links(request: Request) -> str:
    """Returns the same as the header Link of every answer (RFC 8288), which leaves its body as it is."""
    licentie = publicatie_of(request).licentie
    described = f'<{DEFINITIES.path}>; rel="describedby"'
    return described if licentie is None else f'{described}, <{licentie}>; rel="license"'
