"""The SQL, as values. Every figure starts from one of four ways to read the registers in force."""

from importlib.resources import files
from string import Template

NEVER = "toUUID('00000000-0000-0000-0000-000000000000')"


def ver(effective_at: str, recorded_at: str, event_id: str) -> str:
    """The order (effective_at, recorded_at, event_id) as one comparable UInt256.

    ClickHouse compares UUIDs by their second half first; UUIDToNum gives them in the order of their text. One number
    in argMax is 2 to 3 times as fast as a tuple. Right for moments after 1970, and events name none before 2010.
    """
    return (
        f"bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro({effective_at})), 192), "
        f"bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Micro({recorded_at})), 128), "
        f"toUInt256(reinterpretAsUInt128(reverse(UUIDToNum({event_id}))))))"
    )


DERIVED = ("schrijving", "cel", "live", "vooruit", "ingetrokken", "bekend", "positie")
"""The tables that follow from the log."""


def derived_select(table: str) -> str:
    """How a derived table follows from the log: run by its view on every insert, and by a rebuild on all of it."""
    text = files("schemas").joinpath("clickhouse", "derived", f"{table}.sql").read_text(encoding="utf-8")
    return Template(text).substitute(VER=ver("effective", "recorded_at", "gebeurtenis.event_id")).strip()


_VER = ver("effective_at", "recorded_at", "event_id")
_V, _K = "{v:DateTime64(6, 'UTC')}", "{k:DateTime64(6, 'UTC')}"
_MONTH_V, _MONTH_K = f"toYYYYMM({_V})", f"toYYYYMM({_K})"
_GONE = f"gone AS (SELECT target, source FROM ingetrokken WHERE recorded_at <= {_K})"
_STANDS = "(event_id, source) NOT IN gone"
_KNOWN = f"effective_at <= {_V} AND recorded_at <= {_K} AND {_STANDS}"
_GREATEST = "SELECT register, subject, argMax(value, ver) AS winning, max(ver) AS greatest FROM"

LIVE = f"""
WITH {_GONE}
{_GREATEST} (
    SELECT register, subject, value, ver FROM live WHERE {_STANDS}
    UNION ALL
    SELECT register, subject, value, ver FROM vooruit WHERE starts_at <= {_K} AND {_STANDS}
    UNION ALL  -- registers whose greatest write was retracted: look at all their writes
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE (register, subject) IN (SELECT register, subject FROM live WHERE (event_id, source) IN gone) AND {_KNOWN}
) GROUP BY register, subject
"""
"""The registers at V = K = now."""

AS_OF = f"""
WITH {_GONE},
spoiled AS (
    SELECT register, subject, effective_month, recorded_month FROM cel
    WHERE effective_month < {_MONTH_V} AND recorded_month < {_MONTH_K} AND (event_id, source) IN gone
)
{_GREATEST} (
    SELECT register, subject, value, ver FROM cel  -- full months of V and K
    WHERE effective_month < {_MONTH_V} AND recorded_month < {_MONTH_K} AND {_STANDS}
    UNION ALL  -- cells whose greatest write was retracted: look at all their writes
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE toYYYYMM(effective_at) IN (SELECT effective_month FROM spoiled)
      AND (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled AND {_KNOWN}
    UNION ALL  -- the month of V
    SELECT register, subject, argMax(value, {_VER}) AS value, max({_VER}) AS ver FROM schrijving
    WHERE toYYYYMM(effective_at) = {_MONTH_V} AND {_KNOWN} GROUP BY register, subject
    UNION ALL  -- the month of K: what was recorded in it about other months …
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE late = 1 AND toYYYYMM(effective_at) < {_MONTH_V} AND toYYYYMM(recorded_at) = {_MONTH_K} AND {_KNOWN}
    UNION ALL  -- … and about itself
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE late = 0 AND {_MONTH_K} < {_MONTH_V} AND toYYYYMM(effective_at) = {_MONTH_K} AND {_KNOWN}
) GROUP BY register, subject
"""
"""The registers at any (V, K)."""

_AT_POSITION = (
    "(epoch < {epoch:UInt32} OR (epoch = {epoch:UInt32} AND toInt64(offset) <= "
    "transform(toInt64(partition), {partitions:Array(Int64)}, {offsets:Array(Int64)}, toInt64(-1))))"
)
_GONE_AT_POSITION = f"""gone AS (
    SELECT retracts, source FROM gebeurtenis WHERE retracts != {NEVER} AND recorded_at <= {_K} AND {_AT_POSITION}
)"""
_FROM_LOG = f"""
SELECT register, subject, argMax(value, {_VER}) AS winning, max({_VER}) AS greatest
FROM schrijving WHERE {_KNOWN}"""

WHOLE_LOG = f"WITH {_GONE}{_FROM_LOG} GROUP BY register, subject"
"""The same as AS_OF by the shortest way, over all writes: what the others are measured and checked against."""

AT_POSITION = f"WITH {_GONE_AT_POSITION}{_FROM_LOG} AND {_AT_POSITION} GROUP BY register, subject"
"""The registers at (V, K), counting only the events that were stored at a positie."""

_READINGS = f"""
SELECT subject, effective_at, argMax(value, {_VER}) AS winning FROM schrijving
WHERE register = 'aanwezig' AND subject IN {{locaties:Array(String)}} AND {_KNOWN}"""
READINGS = f"WITH {_GONE}{_READINGS} GROUP BY subject, effective_at ORDER BY subject, effective_at"
"""Of some locaties, every reading that stands at (V, K)."""
READINGS_AT_POSITION = f"""WITH {_GONE_AT_POSITION}{_READINGS} AND {_AT_POSITION}
GROUP BY subject, effective_at ORDER BY subject, effective_at"""

KNOWN_IDS = """
SELECT event_id, source, type, subject, recorded_at, data, received_at, epoch, partition, offset FROM gebeurtenis
WHERE (recorded_at, event_id) IN (
    SELECT recorded_at, event_id FROM bekend WHERE event_number IN {numbers:Array(UInt128)}
) LIMIT 1 BY event_id
"""

POSITION = """
SELECT epoch, partition, source, max(positie.offset) AS offset, max(positie.imported_at) AS imported_at
FROM positie GROUP BY epoch, partition, source
"""

LOG = """
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')}
  AND ({after_time:DateTime64(6, 'UTC')}, {after_id:UUID}) < (recorded_at, event_id)
  AND ({subject:String} = '' OR subject = {subject:String})
  AND ({type:String} = '' OR type = {type:String})
  AND ({source:String} = '' OR source = {source:String})
ORDER BY recorded_at, event_id LIMIT 1 BY event_id LIMIT {count:UInt32}
"""
"""A page of the log, oldest `time` first."""

EVENTS = """
SELECT event_id, source, type, subject, recorded_at, data FROM gebeurtenis FINAL
WHERE {type:String} = '' OR type = {type:String}
"""
LAST_EPOCH = "SELECT greatest((SELECT max(epoch) FROM positie), (SELECT max(epoch) FROM onverwerkbaar))"
EVENT = """
SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis
WHERE event_id = {id:UUID} AND recorded_at <= {k:DateTime64(6, 'UTC')}
  AND recorded_at IN (SELECT recorded_at FROM bekend WHERE event_number = {number:UInt128}) LIMIT 1
"""
"""One event of the log, which is sorted by when it was recorded."""

ALARMS = "SELECT event FROM alarm FINAL WHERE recorded_at <= {k:DateTime64(6, 'UTC')} ORDER BY recorded_at, event_id"
UNPROCESSABLE = """
SELECT topic, epoch, partition, offset, position, reason, received_at, raw FROM onverwerkbaar FINAL
ORDER BY received_at DESC, topic, partition, offset, position LIMIT {count:UInt32}
"""
