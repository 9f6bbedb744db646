"""The two forms in which Opvangpeil runs, for tests that need both a broker and a store: `@FORMS`."""

import pytest

FORMS = pytest.mark.parametrize(
    ("broker", "new_store"),
    [pytest.param("tansu", "chdb", id="ingebed"), pytest.param("kafka", "http", id="op schaal")],
    indirect=True,
)
OVER_HTTP_ONE_IN = 5
"""Over HTTP a law tries fewer examples, since it has been tried in this process and the SQL is the same."""
