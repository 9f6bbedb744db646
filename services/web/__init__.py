"""What every HTTP service has in common: addresses, the Dutch API Design Rules, errors, health and OpenAPI.

`addresses` declares every address. `app` puts a service together. `edge` stands around every answer: headers, the limit
on a body, and the last resort. `cors` lets pages of other sites read. `problems` are errors, `asked` turns a query into
a question, `formats` and `body` read what a caller sends and wants back, `publicatie` says by which licence answers may
be used, `health` answers at `/gezond`, `/gereed` and `/metrics`, and `openapi` describes the API at `/v1/openapi.json`.
"""

from services.web.app import make_app
from services.web.health import Check, NotReadyError
from services.web.problems import ProblemError, Veldfout

__all__ = ["Check", "NotReadyError", "ProblemError", "Veldfout", "make_app"]
