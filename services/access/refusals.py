"""The answers to a caller who may not: 401, 403 and 429."""

import math

from services.access.roles import Caller, roles_with
from services.web.addresses import Right
from services.web.problems import TOO_OFTEN, ProblemError

_REALM = 'Bearer realm="opvangpeil"'


class WrongCredentialError(ProblemError):
    """401: the token is wrong. This counts against the address that it came from."""

    def __init__(self, detail: str, who: Caller | None = None) -> None:
        """`who` owns the token, where that is certain."""
        self.who = who
        super().__init__(401, detail, headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'})


def nothing_shown() -> ProblemError:
    """Returns 401: there was no token at all."""
    return ProblemError(
        401,
        "Dit adres vraagt een token: stuur het mee in de header `Authorization: Bearer …`. "
        "Een beheerder maakt er een met `opvangpeil toegang maak`.",
        headers={"WWW-Authenticate": _REALM},
    )


def lacks(caller: Caller, right: Right) -> ProblemError:
    """Returns 403: the caller is known and lacks the role."""
    return forbidden(f"{right[:1].upper()}{right[1:]} vraagt de rol {roles_with(right)}; hier is: {caller.has}.")


def forbidden(detail: str) -> ProblemError:
    """Returns 403 with this explanation."""
    return ProblemError(403, detail)


def too_often(seconds: float, what: str) -> ProblemError:
    """Returns 429, with the seconds to wait rounded up."""
    whole = max(1, math.ceil(seconds))
    return ProblemError(TOO_OFTEN, f"{what} Probeer het over {whole} s weer.", headers={"Retry-After": str(whole)})
