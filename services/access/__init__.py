"""Who may do what.

`roles` says which roles have which rights. `tokens` makes and verifies our own tokens, `oidc` verifies those of an
issuer, `session` seals the cookie of a browser. `access` brings these together for one process, with how often a caller
may ask. `guard` stands around every request, `refusals` are its answers and `audit` is its log. `app` answers at
`/v1/toegang`, `browser` logs people in and out.
"""

from services.access.access import Access
from services.access.guard import Guard, caller_of
from services.access.roles import Caller, Role
from services.web.addresses import Right

__all__ = ["Access", "Caller", "Guard", "Right", "Role", "caller_of"]
