"""`opvangpeil`: the command line. Texts in Dutch, for people; every error says what to do.

Each import adds its commands, in the order in which `--help` lists them.
"""

from services.cli import serve

# isort: split
from services.cli import feed

# isort: split
from services.cli import look

# isort: split
from services.cli import explain

# isort: split
from services.cli import compare

# isort: split
from services.cli import report

# isort: split
from services.cli import alarm

# isort: split
from services.cli import unprocessable

# isort: split
from services.cli import tables

# isort: split
from services.cli import keep

# isort: split
from services.cli import access

# isort: split
from services.cli.plain import app

__all__ = [
    "access",
    "alarm",
    "app",
    "compare",
    "explain",
    "feed",
    "keep",
    "look",
    "report",
    "serve",
    "tables",
    "unprocessable",
]
