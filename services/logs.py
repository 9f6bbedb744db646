"""Writes logs as lines of JSON on standard error, each with the trace that it belongs to, and without secrets.

A person at a terminal gets a sentence instead, and only of what asks for attention. Our lines and those of libraries go
through one formatter. Traces follow W3C Trace Context: one comes with an HTTP request, in the header `traceparent`, and
goes on with the message on Kafka.
"""

import json
import logging
import random
import re
import sys
import threading
from collections.abc import Collection
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HEADER = "traceparent"
HIDDEN = "***"
_FIRST = ("timestamp", "level", "logger", "message")
_OURS = "opvangpeil"
_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_PASSWORD_IN_URL = re.compile(r"((?:://|,)[^\s:/@\",]*):[^\s/@\",]+@")
_BEARER = re.compile(r"\b(Bearer|Basic) [\w.~+/=-]{8,}", re.IGNORECASE)
_LEVELS = {"warning": "let op", "error": "fout", "critical": "fout"}
"""What a person is told of, and how it is called. Of libraries, only errors."""
_NOT_FOR_PEOPLE = (*_FIRST, "trace_id", "span_id", "parent_id", "exception")
_SECRET_SHORTEST = 6
"""A shorter secret would also be found in ordinary words."""


class Trace(NamedTuple):
    """A trace, and our span in it."""

    trace_id: str
    span_id: str
    parent_id: str
    """The span that asked for ours, or ''."""
    flags: str

    @property
    def header(self) -> str:
        """The `traceparent` to send along with a request of our own."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def _hex(size: int) -> str:
    # The system's own source of chance would make all threads wait for each other.
    return random.randbytes(size).hex()  # noqa: S311 - it is a name, and no secret


def begin_trace(header: str | None) -> Trace:
    """Continues the trace of a `traceparent`, or begins a new one when that is absent or not valid."""
    found = _FORM.fullmatch(header or "")
    if found and (found[4] is None or not found[0].startswith("00")):  # A version after 00 may have more fields.
        trace = Trace(found[1], _hex(8), found[2], found[3])
    else:
        trace = Trace(_hex(16), _hex(8), "", "00")
    _current.set(trace)
    return trace


def current_trace() -> Trace | None:
    """Returns the trace of the request that is being served, or None when none is."""
    return _current.get()


def trace_of(header: str) -> dict[str, str]:
    """Returns the log fields for a `traceparent` that came with a message; none when it is not valid."""
    found = _FORM.fullmatch(header)
    return {"trace_id": found[1], "span_id": found[2]} if found else {}


def log_to_stderr(hidden: Collection[str] = (), *, for_people: bool = False) -> None:
    """Makes every log line of this process JSON on standard error, with these secrets hidden.

    `for_people`: a sentence instead, and only of what asks for attention.
    """
    said: list[Processor] = [
        _add_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        _add_trace,
    ]
    written: Processor = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.EventRenamer("message"),
                _in_order,
                _sentence if for_people else written,
                _Hide(hidden),
            ],
            foreign_pre_chain=said,
        )
    )
    logging.basicConfig(level=logging.ERROR if for_people else logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(logging.WARNING if for_people else logging.INFO)
    logging.captureWarnings(capture=True)
    threading.excepthook = _fallen
    structlog.configure(
        processors=[*said, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_our_logger,
    )


def _sentence(_: WrappedLogger, __: str, line: EventDict) -> str:
    """Returns a line as a person reads it: when on the Dutch clock, how bad, and what."""
    at = datetime.fromisoformat(line["timestamp"]).astimezone(ZoneInfo("Europe/Amsterdam"))
    more = "".join(f", {name} {value}" for name, value in line.items() if name not in _NOT_FOR_PEOPLE)
    fault = line.get("exception", "").rstrip().rpartition("\n")[2]
    what = f"{line['message']}{more}" + (f": {fault} (alles: met --logboek)" if fault else "")
    return f"{at:%H:%M:%S} {_LEVELS.get(line['level'], line['level'])}: {what}"


def _fallen(fault: threading.ExceptHookArgs) -> None:
    """Logs the exception that ended a thread, ours or a library's."""
    if fault.exc_value is not None:
        about = (fault.exc_type, fault.exc_value, fault.exc_traceback)
        _our_logger("draad").error("onvoorziene fout", exc_info=about)


def _our_logger(*name: str) -> logging.Logger:
    return logging.getLogger(".".join([_OURS, *name]))


def _add_name(logger: WrappedLogger, _: str, line: EventDict) -> EventDict:
    record = line.get("_record")  # Only lines of libraries have a record.
    line["logger"] = record.name if isinstance(record, logging.LogRecord) else logger.name
    return line


def _add_trace(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    trace = _current.get()
    if trace is not None:
        line.setdefault("trace_id", trace.trace_id)
        line.setdefault("span_id", trace.span_id)
        if trace.parent_id:
            line.setdefault("parent_id", trace.parent_id)
    return line


def _in_order(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Puts the fields that every line has first, since people read the lines too."""
    return {name: line.pop(name) for name in _FIRST if name in line} | dict(line)


class _Hide:
    """Hides secrets in a line that is ready to be written, whatever field or text they got into."""

    def __init__(self, hidden: Collection[str]) -> None:
        long = {text for text in hidden if len(text) >= _SECRET_SHORTEST}
        forms = long | {json.dumps(text, ensure_ascii=False)[1:-1] for text in long}
        texts = [re.escape(text) for text in sorted(forms, key=len, reverse=True)]
        self._known = re.compile("|".join(texts)) if texts else None

    def __call__(self, _: WrappedLogger, __: str, line: Any) -> str:
        if self._known is not None:
            line = self._known.sub(HIDDEN, line)
        return _BEARER.sub(rf"\1 {HIDDEN}", _PASSWORD_IN_URL.sub(rf"\1:{HIDDEN}@", line))
