"""`python -m services.api`: this service by itself."""

from services.cli.serve import run_service
from services.wiring import Service

run_service(Service.api)
