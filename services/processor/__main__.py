"""`python -m services.processor` runs this service by itself."""

from services.cli.serve import run_service
from services.wiring import Service

run_service(Service.processor)
