"""The one place that builds real things and connects them: parts → a process, in one of two forms."""

from services.wiring.folder import StartError, data_folder, embedded_store, open_store
from services.wiring.forms import Service, brokers_of, connection_of, run_alone, run_together

__all__ = [
    "Service",
    "StartError",
    "brokers_of",
    "connection_of",
    "data_folder",
    "embedded_store",
    "open_store",
    "run_alone",
    "run_together",
]
