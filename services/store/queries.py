"""The SQL, as values. Every figure starts from one of two ways to read the registers in force.

The derived tables follow the log at a distance. So each of these reads them, and of the log what they may not hold yet:
`{rest}`, the range from where they are sure to reach up to the positie that the answer speaks of.
"""

from importlib.resources import files
from string import Template

from schemas.events import Ingetrokken, type_name
from schemas.moments import NEVER
from services.core.locaties import SOORTEN
from services.core.registers import Register
from services.core.standen import UNKNOWN
from services.store.question import STANDS, Both, Part, When

RETRACTION = type_name(Ingetrokken)
_RETRACTION = f"type = '{RETRACTION}'"


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


DERIVED = ("schrijving", "cel", "ingetrokken", "bekend", "volgorde", "positie")
"""The tables that follow from the log; `positie` tells how far, and so is the last."""


def derived_select(table: str) -> str:
    """How a derived table follows from a range of the log, `${RANGE}`."""
    text = files("schemas").joinpath("clickhouse", "derived", f"{table}.sql").read_text(encoding="utf-8")
    return Template(text).safe_substitute(VER=_VER_OF_LOG).strip()


_VER_OF_LOG = ver("effective", "recorded_at", "gebeurtenis.event_id")
_VER = ver("effective_at", "recorded_at", "event_id")
_V, _K = "{v:DateTime64(6, 'UTC')}", "{k:DateTime64(6, 'UTC')}"
_MONTH_V, _MONTH_K = f"toYYYYMM({_V})", f"toYYYYMM({_K})"
_GONE_IN_LOG = f"SELECT retracts, source FROM gebeurtenis WHERE {_RETRACTION} AND recorded_at <= {_K}"
_GONE = (
    Part(f"WITH gone AS (SELECT target, source FROM ingetrokken WHERE recorded_at <= {_K}"),
    Part(f" UNION ALL {_GONE_IN_LOG} AND {{rest}}", When.RETRACTED_IN_REST),
    Part(")"),
)
_KNOWN = f"effective_at <= {_V} AND recorded_at <= {_K} AND {STANDS}"
_ASKED = f"{_KNOWN} AND {{about}}"
_IN_LOG = f"""FROM gebeurtenis
    ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
    WHERE effective <= {_V} AND recorded_at <= {_K} AND {STANDS} AND {{rest}}"""
_REST = f"""SELECT toLowCardinality(register) AS register, toLowCardinality(subject) AS subject, written AS value,
        {_VER_OF_LOG} AS ver {_IN_LOG} AND {{about}}"""

_FROM_LOG = f"""
WITH gone AS ({_GONE_IN_LOG} AND {{rest}}),
writes AS ({_REST})
"""
_CELL = f"effective_month < {_MONTH_V} AND recorded_month < {_MONTH_K} AND {{about}}"
_FROM_TABLES = (
    *_GONE,
    Part(
        f""",
spoiled AS (SELECT register, subject, effective_month, recorded_month FROM cel
    WHERE {_CELL} AND (event_id, source) IN gone)""",
        When.RETRACTED,
    ),
    Part(f""",
writes AS (
    SELECT register, subject, value, ver FROM cel  -- full months of V and K
    WHERE {_CELL} AND {STANDS}
    UNION ALL  -- the month of V
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE toYYYYMM(effective_at) = {_MONTH_V} AND {_ASKED}
    UNION ALL  -- the month of K: what was recorded in it about other months …
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE late = 1 AND toYYYYMM(effective_at) < {_MONTH_V} AND toYYYYMM(recorded_at) = {_MONTH_K} AND {_ASKED}"""),
    Part(
        f"""
    UNION ALL  -- … and about itself
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE late = 0 AND toYYYYMM(effective_at) = {_MONTH_K} AND {_ASKED}""",
        When.KNOWN_BEFORE,
    ),
    Part(
        f"""
    UNION ALL  -- cells whose greatest write was retracted: look at all their writes
    SELECT register, subject, value, {_VER} AS ver FROM schrijving
    WHERE (register, subject, toYYYYMM(effective_at), toYYYYMM(recorded_at)) IN spoiled
      AND {_ASKED}""",
        When.RETRACTED,
    ),
    Part(
        f"""
    UNION ALL
    {_REST}""",
        When.REST,
    ),
    Part("""
)
"""),
)


def _view(select: str, about: str, *, by_column: bool = False) -> Both:
    """What follows from the `writes` that are in force at (V, K) or once were, as far as they are about this."""
    tables = [part._replace(sql=part.sql.replace("{about}", about)) for part in (*_FROM_TABLES, Part(select))]
    return Both(tables, (_FROM_LOG + select).replace("{about}", about), by_column)


_IN_FORCE = "SELECT register, subject, argMax(value, ver), max(ver) FROM writes GROUP BY register, subject"
VIEW = _view(_IN_FORCE, "true")
"""The registers at any (V, K): (register, subject, value, ver)."""
_REGISTRATIE, _AANWEZIG = Register.REGISTRATIE.stored(), Register.AANWEZIG.stored()
_SOORTEN = [Register.PLAATSEN.stored(soort) for soort in SOORTEN]
_COUNTED = (_REGISTRATIE, Register.OPEN.stored(), _AANWEZIG, *_SOORTEN)
_NOT_SUMMED = (Register.TOEGANG.stored(), Register.MAXIMUM.stored())
_PUBLISHED = f"startsWith(register, '{Register.GEPUBLICEERD.prefix()}')"
_NOT_PUBLISHED = f"NOT {_PUBLISHED}"
_LOCATIE = "startsWith(subject, 'LOC-')"
_SUMMED = f"register NOT IN {_NOT_SUMMED} AND NOT ({_PUBLISHED} AND {_LOCATIE})"


def _standen() -> str:
    """Of each locatie a row of numbers as in `services.core.standen`; of what is none all its writes, as JSON."""
    names = [f"w{n}" for n in range(len(_COUNTED))]
    winning = [f"argMaxIf(value, ver, register = '{r}') AS {w}" for w, r in zip(names, _COUNTED, strict=True)]
    registratie, opened, aanwezig, *places = names
    ends = [f"simpleJSONExtractString({w}, 'geldigTot')" for w in places]
    columns = [
        "about",
        "toJSONString(arrayMap(said -> (said.1, said.2, toString(said.3)), law))",
        f"if({registratie} = '', {UNKNOWN}, toInt64OrZero(substring(JSONExtractString({registratie}, 'gemeente'), 3)))",
        f"toInt64({registratie} != '' AND {opened} = 'true')",
        f"if({aanwezig} = '', {UNKNOWN}, toInt64OrZero({aanwezig}))",
        "toInt64(bitShiftRight(reading, 192))",
        *(f"if({w} = '', {UNKNOWN}, simpleJSONExtractInt({w}, 'aantal'))" for w in places),
        *(f"if({w} = '', {UNKNOWN}, simpleJSONExtractInt({w}, 'inzetbaar'))" for w in places),
        *(f"if({end} = '', toInt64({NEVER}), {_since_1970(end)})" for end in ends),
    ]
    pivot = f"""SELECT if({_LOCATIE}, '', subject) AS about,
        groupArrayIf((register, value, ver), NOT {_LOCATIE}) AS law, {", ".join(winning)},
        maxIf(ver, register = '{_AANWEZIG}') AS reading FROM writes GROUP BY subject"""
    return f"SELECT {', '.join(columns)} FROM ({pivot})"


def _since_1970(moment: str) -> str:
    return f"toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero({moment}, 6, 'UTC'))"


STANDEN = _view(_standen(), _SUMMED, by_column=True)
"""What sums are made of: '' and all that the row of a locatie says in numbers; else a subject and its writes."""

_AHEAD = (
    Part(f"""SELECT register, subject, value, {_VER} AS ver FROM schrijving
WHERE greatest(effective_at, recorded_at) > {_K} AND {STANDS}"""),
    Part(
        f"""
UNION ALL
SELECT register, subject, written AS value, {_VER_OF_LOG} AS ver FROM gebeurtenis
ARRAY JOIN registers AS register, gebeurtenis.effective_at AS effective, gebeurtenis.value AS written
WHERE greatest(effective, recorded_at) > {_K} AND {STANDS} AND {{rest}}""",
        When.REST,
    ),
)
AHEAD = Both((*_GONE, *_AHEAD), "")
"""The writes that are not in force at V = K, and are not retracted. Only asked of now, so never of the log alone."""
RETRACTED = f"""
SELECT target, source, recorded_at FROM ingetrokken
UNION ALL SELECT retracts, source, recorded_at FROM gebeurtenis WHERE {_RETRACTION} AND {{rest}}
"""
"""Every retraction: its target may be there, or still have to arrive."""
SINCE = f"""
SELECT epoch, partition, source, offset,
       if(recorded_at < received_at - INTERVAL 1 DAY, received_at, toDateTime64(0, 6, 'UTC')),
       event_id, recorded_at, {_RETRACTION}, subject, registers, effective_at, value
FROM gebeurtenis WHERE {{rest}} LIMIT {{count:UInt32}}
"""
"""The events themselves, in a range of the log."""

SHIELDED = f"""
SELECT DISTINCT subject FROM (
    SELECT subject, value FROM schrijving WHERE register = '{_REGISTRATIE}'
    UNION ALL
    SELECT subject, written AS value FROM gebeurtenis
    ARRAY JOIN registers AS register, gebeurtenis.value AS written WHERE register = '{_REGISTRATIE}' AND {{rest}}
) WHERE JSONExtractString(value, 'zichtbaarheid') = 'afgeschermd'
"""
"""The locaties of which any registration ever said that they are afgeschermd."""
BEGIN = _view(_IN_FORCE, _NOT_PUBLISHED)
"""The registers at (V, K), but for what others published."""
_SLOW = f"register != '{_AANWEZIG}' AND {_NOT_PUBLISHED}"
_READINGS = f"register = '{_AANWEZIG}' AND ({{everywhere:Bool}} OR subject IN {{locaties:Array(String)}})"
_AFTER = "{after:DateTime64(6, 'UTC')}"


def _steps(about: str, what: str, group: str) -> "Both":
    """The writes to some registers that take effect after a moment, until V: of each register one a moment."""
    log = f"""SELECT {group}, effective AS moment, written AS value, {_VER_OF_LOG} AS ver {_IN_LOG}
        AND effective > {_AFTER} AND {about}"""
    tables = f"""SELECT {group}, effective_at AS moment, value, {_VER} AS ver FROM schrijving
        WHERE effective_at > {_AFTER} AND {about} AND {_KNOWN}"""
    grouped = f") GROUP BY {group}, moment ORDER BY {group}, moment"
    return Both(
        (*_GONE, Part(f"SELECT {what} FROM ({tables}"), Part(f" UNION ALL {log}", When.REST), Part(grouped)),
        f"WITH gone AS ({_GONE_IN_LOG} AND {{rest}}) SELECT {what} FROM ({log}{grouped}",
    )


_WRITES = "register, subject, argMax(value, ver), max(ver)"
_READING = _steps(
    _READINGS, "subject, (toUnixTimestamp64Micro(moment), toInt64(argMax(value, ver))) AS reading", "subject"
)
_BY_SUBJECT, _SO = (
    """SELECT subject, arrayMap(one -> one.1, found), arrayMap(one -> one.2, found) FROM (
    SELECT subject, arraySort(groupArray(reading)) AS found FROM (""",
    ") GROUP BY subject) ORDER BY subject",
)
READINGS_COUNT = f"""
SELECT toUnixTimestamp64Micro(toDateTime64(toStartOfDay(effective_at), 6, 'UTC')) AS day, count() FROM schrijving
WHERE register = '{_AANWEZIG}' AND effective_at > {_AFTER} AND effective_at <= {_V} GROUP BY day ORDER BY day
"""
"""About how many readings there are on each day of a time: those of the tables, retracted ones too."""
READINGS = Both((Part(_BY_SUBJECT), *_READING.tables, Part(_SO)), f"{_BY_SUBJECT}{_READING.log}{_SO}")
"""Readings, of some locaties or everywhere: of each (subject, its peilmomenten in order, in microseconds; people)."""
STEPS = _steps(_SLOW, _WRITES, "register, subject")
"""Of all registers but the readings."""
MOMENTS = _steps(
    "subject IN {subjects:Array(String)} AND register IN {registers:Array(String)}",
    "subject, register, moment",
    "subject, register",
)
"""When some registers of some subjects get another write."""
_SINCE_K = f"recorded_at > {_AFTER}"
TOUCHED = f"""
SELECT source, {_RETRACTION}, toString(retracts), subject, registers, effective_at FROM gebeurtenis
WHERE recorded_at <= {_K} AND {{upto}} AND ({{since}} OR ({_SINCE_K} AND ({{rest}} OR
    (epoch, partition, offset, event_id) IN (
        SELECT epoch, partition, offset, event_id FROM volgorde WHERE {_SINCE_K} AND recorded_at <= {_K}
    ))))
LIMIT {{count:UInt32}}
"""
"""The events that came in after a positie and are known at K, and those that came to be known after a moment."""
OWN = _steps(f"subject = {{locatie:String}} AND register IN {(*_COUNTED, *_NOT_SUMMED)}", _WRITES, "register, subject")
"""Of one locatie, readings too."""
PUBLISHED = _steps(_PUBLISHED, _WRITES, "register, subject")
"""Of what others published."""


def _number(column: str) -> str:
    return f"reinterpretAsUInt128(reverse(UUIDToNum({column})))"


_NUMBER = _number("event_id")
ANY_KNOWN = f"""
WITH {{wanted}}
SELECT 1 FROM bekend WHERE event_number IN wanted LIMIT 1
UNION ALL
SELECT 1 FROM gebeurtenis PREWHERE {{rest}} WHERE {_NUMBER} IN wanted LIMIT 1
"""
"""Whether the log holds any of these ids. Mostly it holds none."""
KNOWN_IDS = f"""
WITH {{wanted}}
SELECT event_id, source, type, subject, recorded_at, data FROM gebeurtenis
WHERE {_NUMBER} IN wanted AND ({{rest}} OR
    (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number IN wanted))
LIMIT 1 BY event_id
"""

DERIVED_TO = """
SELECT epoch, partition, source, max(offset), max(imported_at)
FROM positie GROUP BY epoch, partition, source
"""
"""How far the derived tables are sure to follow the log."""
RETRACTIONS_HELD = "SELECT count() FROM ingetrokken"
"""To be asked after that: what they follow is in there by then."""
BEGUN_TO = "SELECT epoch, partition, '', max(begonnen.offset), toDateTime64(0, 6, 'UTC') FROM begonnen GROUP BY ALL"
"""How far they may."""
REST_TO = Template(derived_select("positie")).substitute(RANGE="{rest}")
"""How far the log goes, of what lies after them."""
REST_RETRACTIONS = f"SELECT count() FROM gebeurtenis WHERE {_RETRACTION} AND {{rest}}"
REST_COUNT = "SELECT count() FROM gebeurtenis WHERE {rest}"
BEING_MADE = "SELECT name FROM system.tables WHERE database = currentDatabase() AND endsWith(name, '_nieuw')"

_PAGE = f"""recorded_at <= {_K}
    AND ({{after_time:DateTime64(6, 'UTC')}}, {{after_id:UUID}}) < (recorded_at, event_id)
    AND ({{subject:String}} = '' OR subject = {{subject:String}})
    AND ({{type:String}} = '' OR type = {{type:String}})
    AND ({{source:String}} = '' OR source = {{source:String}})
    AND {{shown}}"""
_PAGE_OF = "SELECT recorded_at, event_id, epoch, partition, offset FROM"
_FIRST = "ORDER BY recorded_at, event_id LIMIT 1 BY event_id LIMIT {count:UInt32}"


def _events_of(subjects: str) -> str:
    """The ids of the events about some subjects."""
    return f"""(
    SELECT event_id FROM volgorde WHERE {subjects}
    UNION ALL
    SELECT event_id FROM gebeurtenis WHERE {subjects} AND {{beyond}}
)"""


def _retractions_of(subjects: str) -> str:
    """The ids of the retractions of events about some subjects, under whatever subject."""
    return f"""(
    SELECT event_id FROM ingetrokken WHERE target IN {_events_of(subjects)}
    UNION ALL
    SELECT event_id FROM gebeurtenis WHERE {_RETRACTION} AND {{beyond}} AND retracts IN {_events_of(subjects)}
)"""


_HIDDEN = "subject IN {hidden:Array(String)}"
SHOWN = f"NOT {_HIDDEN}"
"""Which events of the log are shown where some locaties are hidden …"""
SHOWN_RETRACTIONS = f"{SHOWN} AND (NOT {_RETRACTION} OR event_id NOT IN {_retractions_of(_HIDDEN)})"
"""… and also no retractions of their events: that takes three times as long to find out."""
_ENTRY = "SELECT event_id, source, type, subject, recorded_at, received_at, data FROM gebeurtenis"
LOG = f"""
{_ENTRY}
WHERE (epoch, partition, offset, event_id) IN (
    SELECT epoch, partition, offset, event_id FROM (
        {_PAGE_OF} volgorde WHERE {_PAGE} AND {{upto}} {_FIRST}
        UNION ALL
        {_PAGE_OF} gebeurtenis WHERE {_PAGE} AND {{rest}} {_FIRST}
    ) {_FIRST}
) {_FIRST}
"""
"""A page of the log, oldest `time` first."""
EVENT = f"""
{_ENTRY}
WHERE event_id = {{id:UUID}} AND recorded_at <= {_K} AND {{upto}} AND {{shown}}
  AND ({{rest}} OR
    (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number = {{number:UInt128}}))
ORDER BY epoch, partition, offset LIMIT 1
"""
"""One event of the log."""
_ABOUT = "(subject IN {subjects:Array(String)} OR ({prefix:String} != '' AND startsWith(subject, {prefix:String})))"
_BEHIND = f"""recorded_at <= {_K} AND {{shown}} AND
    ({_ABOUT} OR (type = '{RETRACTION}' AND event_id IN {_retractions_of(_ABOUT)}))"""
BEHIND = f"""
{_ENTRY}
WHERE (epoch, partition, offset, event_id) IN (
    SELECT epoch, partition, offset, event_id FROM volgorde WHERE {_BEHIND} AND {{upto}}
    UNION ALL
    SELECT epoch, partition, offset, event_id FROM gebeurtenis WHERE {_BEHIND} AND {{rest}}
)
ORDER BY recorded_at, event_id LIMIT 1 BY event_id LIMIT {{count:UInt32}}
"""
"""The events about some subjects, or all whose subject begins so, with their retractions."""
BY_ID = f"""
WITH {{wanted}}
{_ENTRY}
WHERE {_NUMBER} IN wanted AND {{upto}} AND ({{rest}} OR
    (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number IN wanted))
ORDER BY recorded_at, event_id LIMIT 1 BY event_id
"""
RETRACTIONS = f"""
WITH {{wanted}}
{_ENTRY}
WHERE {_RETRACTION} AND recorded_at <= {_K} AND {{upto}} AND {_number("retracts")} IN wanted AND ({{rest}} OR
    (epoch, partition, offset) IN (SELECT epoch, partition, offset FROM bekend WHERE event_number IN (
        SELECT {_number("event_id")} FROM ingetrokken WHERE {_number("target")} IN wanted)))
ORDER BY recorded_at, event_id LIMIT 1 BY event_id
"""
"""The retractions of these events, whosever they are."""
EVENTS = """
SELECT event_id, source, type, subject, recorded_at, data FROM gebeurtenis FINAL
WHERE {type:String} = '' OR type = {type:String}
"""
COUNT = "SELECT count() FROM gebeurtenis FINAL"
EPOCHS = """
SELECT (SELECT min(epoch) FROM leven WHERE topic_id = {topic:UUID}), greatest(
    (SELECT max(epoch) FROM leven), (SELECT max(epoch) FROM gebeurtenis), (SELECT max(epoch) FROM onverwerkbaar)
)
"""
"""The life of a topic, 0 when it has none yet; and the last there was."""

ARRIVED_SINCE = """
SELECT (SELECT count() FROM gebeurtenis WHERE received_at > {after:DateTime64(6, 'UTC')}),
    (SELECT count() FROM onverwerkbaar FINAL WHERE received_at > {after:DateTime64(6, 'UTC')})
"""
UNPROCESSABLE = """
SELECT topic, epoch, partition, offset, position, reason, received_at, raw FROM onverwerkbaar FINAL
ORDER BY received_at DESC, topic, partition, offset, position LIMIT {count:UInt32}
"""
