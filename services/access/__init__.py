"""Who may do what.

`roles` roles, rights and which address asks which · `refusals` 401, 403, 429 · `tokens` our own tokens: made, hashed,
verified, withdrawn · `oidc` tokens of an issuer · `session` the cookie of a browser · `limit` how often · `access` all
of that for one process · `guard` around every request · `audit` its log · `app` `/v1/toegang` · `browser` logging in
and out.
"""

from services.access.access import Access
from services.access.guard import Guard, caller_of, needs
from services.access.roles import Caller, Role
from services.web.addresses import Right

__all__ = ["Access", "Caller", "Guard", "Right", "Role", "caller_of", "needs"]
