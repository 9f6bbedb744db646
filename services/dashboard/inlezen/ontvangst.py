"""Takes in what a browser sends with a file, and shows the page again with what is wrong.

The name of a file is only a name: nothing is ever written under it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from services.access import Right
from services.dashboard.page import Maker, Page, Renderer, check_right
from services.dashboard.page_request import Asked, Mislukt
from services.web.addresses import FILE_BYTES_MAX
from services.web.edge import BODY_BYTES_MAX
from services.web.formats import media_type
from services.web.problems import ProblemError, Veldfout, invalid

FORM = "multipart/form-data"
_NAME_MAX = 200
_FIELDS_MAX = 10
_TOO_LARGE = 413
ANDERS = "Lees het in met `opvangpeil importeer`, of zet het in de map die `opvangpeil volg` in de gaten houdt."
"""The way out for what is too large for a page."""
_NOT_OURS = 500
"""From this status on, what was sent may have been taken in all the same."""


@asynccontextmanager
async def formulier(request: Request) -> AsyncIterator[FormData]:
    """Yields the fields of a form that may hold a file, and throws the file away afterwards.

    Raises ProblemError 400, 413 or 415.
    """
    if media_type(request.headers.get("content-type", ""))[0] != FORM:
        raise ProblemError(415, f"Stuur het formulier als {FORM}.")
    asked = request.form(max_files=1, max_fields=_FIELDS_MAX, max_part_size=BODY_BYTES_MAX)
    try:
        form = await asked
    except HTTPException as error:
        raise invalid([Veldfout(veld="", melding=f"is geen formulier dat te lezen is ({error.detail})")]) from error
    except ProblemError as error:
        if error.status == _TOO_LARGE:
            said = f"Dit is groter dan hier past: een bestand is hoogstens {FILE_BYTES_MAX // 1024**2} MB. {ANDERS}"
            raise ProblemError(_TOO_LARGE, said, headers=error.headers) from error
        raise
    except OSError as error:
        raise ProblemError(503, "Er is hier nu geen plaats om het bestand te bewaren. Probeer het zo weer.") from error
    try:
        yield form
    finally:
        await form.close()


def bestand_van(form: FormData) -> UploadFile | None:
    """Returns the file that was chosen; None when none was."""
    file = form.get("bestand")
    return file if isinstance(file, UploadFile) and file.filename else None


def tekst_van(form: FormData, veld: str) -> str:
    """Returns what stands in a field; empty where it is not there."""
    found = form.get(veld, "")
    return found if isinstance(found, str) else ""


def naam_van(bestand: UploadFile) -> str:
    """Returns what the sender calls the file, without any folder: some browsers and programs send a path."""
    bare = PurePosixPath((bestand.filename or "").replace("\\", "/")).name
    shown = "".join(sign for sign in bare if sign.isprintable())[:_NAME_MAX].strip()
    return shown or "bestand"


def mag_sturen(request: Request) -> None:
    """Raises ProblemError 403 for a caller that may not send, or not read: what it sends is answered with figures."""
    for right in (Right.SEND, Right.READ):
        check_right(request, right)


async def weer(
    renderer: Renderer, request: Request, page: Page[Asked], make: Maker[Asked], problem: ProblemError | None = None
) -> Response:
    """Answers what was sent with the page that it came from, as `make` makes it, and with what is wrong, if anything.

    Beside the page the answer keeps the status and the headers of the problem.
    """
    asked = Request({**request.scope, "method": "GET", "path": page.path, "query_string": b""})
    failed = None
    if problem is not None:
        fouten = problem.fouten or (Veldfout(veld="", melding=problem.detail),)
        failed = Mislukt(page.path.strip("/"), {}, fouten, niets_gedaan=problem.status < _NOT_OURS)
    answer = await run_in_threadpool(renderer.show, asked, page, make, failed)
    if problem is not None and answer.status_code == 200:
        answer.status_code = problem.status
        answer.headers.update(problem.headers)
    return answer
