"""The one place that builds real things and connects them: parts → a process, in one of two forms."""

from services.wiring.folder import StartError, data_folder, embedded_store, open_store
from services.wiring.forms import Service, run_alone, run_together

__all__ = ["Service", "StartError", "data_folder", "embedded_store", "open_store", "run_alone", "run_together"]
