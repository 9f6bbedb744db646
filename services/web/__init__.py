"""What every HTTP service of Opvangpeil has in common: the Dutch API Design Rules, errors, health, OpenAPI.

`app` puts a service together · `edge` headers, body limit and last resort around every answer · `problems` errors ·
`health` `/gezond`, `/gereed`, `/metrics` · `openapi` the description at `/v1/openapi.json`.
"""

from services.web.app import make_app
from services.web.health import Check, NotReadyError
from services.web.problems import ProblemError, Veldfout

__all__ = ["Check", "NotReadyError", "ProblemError", "Veldfout", "make_app"]
