"""`python -m services.cli` is `opvangpeil`."""

from services.cli import app

app()
