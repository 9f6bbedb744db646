"""The one room that builds real things and connects them.

`resources` is what every process has · `log` is the Kafka of a process that has one · `parts` makes the services ·
`running` runs them until the process must stop · `forms` makes a process of them, in one of two forms · `folder` holds
the data folder of the embedded form.
"""

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
