"""Logs: lines of JSON on the standard error, each with the trace that it belongs to and without secrets.

Ours and those of libraries go through one formatter. A trace is named as in W3C Trace Context: it comes with an HTTP
request in the header `traceparent`, and goes on with the message on Kafka.
"""

import json
import logging
import random
import re
import sys
import threading
from collections.abc import Collection
from contextvars import ContextVar
from typing import Any, NamedTuple

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HEADER = "traceparent"
HIDDEN = "***"
_FIRST = ("timestamp", "level", "logger", "message")
_OURS = "opvangpeil"
_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_PASSWORD_IN_URL = re.compile(r"((?:://|,)[^\s:/@\",]*):[^\s/@\",]+@")
_BEARER = re.compile(r"\b(Bearer|Basic) [\w.~+/=-]{8,}", re.IGNORECASE)
_SECRET_SHORTEST = 6
"""A shorter secret would be found in words that are none."""


class Trace(NamedTuple):
    """Where in whose work this belongs: the trace, our part of it, and the part that asked for it ('' for none)."""

    trace_id: str
    span_id: str
    parent_id: str
    flags: str

    @property
    def header(self) -> str:
        """For whom we ask something in turn."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def _hex(size: int) -> str:
    """A name and no secret: asking the system for chance makes every thread wait its turn."""
    return random.randbytes(size).hex()  # noqa: S311


def begin_trace(header: str | None) -> Trace:
    """Go on with the trace of a `traceparent`, or begin one when there is none that can be read."""
    found = _FORM.fullmatch(header or "")
    if found and (found[4] is None or not found[0].startswith("00")):  # version 00 ends here; a later one may go on
        trace = Trace(found[1], _hex(8), found[2], found[3])
    else:
        trace = Trace(_hex(16), _hex(8), "", "00")
    _current.set(trace)
    return trace


def current_trace() -> Trace | None:
    """The trace of the request that is being served, if one is."""
    return _current.get()


def trace_of(header: str) -> dict[str, str]:
    """What a line of the log says of a `traceparent` that came with a message; nothing when it can't be read."""
    found = _FORM.fullmatch(header)
    return {"trace_id": found[1], "span_id": found[2]} if found else {}


def log_to_stderr(hidden: Collection[str] = ()) -> None:
    """From now on every line of this process is JSON on the standard error, with these secrets made illegible."""
    said: list[Processor] = [
        _add_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        _add_trace,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.EventRenamer("message"),
                _in_order,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                _Hide(hidden),
            ],
            foreign_pre_chain=said,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    threading.excepthook = _fallen
    structlog.configure(
        processors=[*said, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_our_logger,
    )


def _fallen(fault: threading.ExceptHookArgs) -> None:
    """What a thread of ours or of a library was ended by."""
    if fault.exc_value is not None:
        about = (fault.exc_type, fault.exc_value, fault.exc_traceback)
        _our_logger("draad").error("onvoorziene fout", exc_info=about)


def _our_logger(*name: str) -> logging.Logger:
    return logging.getLogger(".".join([_OURS, *name]))


def _add_name(logger: WrappedLogger, _: str, line: EventDict) -> EventDict:
    record = line.get("_record")  # of a library; ours come with their logger
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
    """What every line has comes first: a person reads them too."""
    return {name: line.pop(name) for name in _FIRST if name in line} | dict(line)


class _Hide:
    """Makes secrets illegible in a line that is ready to be written: whatever field or text they got into."""

    def __init__(self, hidden: Collection[str]) -> None:
        long = {text for text in hidden if len(text) >= _SECRET_SHORTEST}
        forms = long | {json.dumps(text, ensure_ascii=False)[1:-1] for text in long}
        texts = [re.escape(text) for text in sorted(forms, key=len, reverse=True)]
        self._known = re.compile("|".join(texts)) if texts else None

    def __call__(self, _: WrappedLogger, __: str, line: Any) -> str:
        if self._known is not None:
            line = self._known.sub(HIDDEN, line)
        return _BEARER.sub(rf"\1 {HIDDEN}", _PASSWORD_IN_URL.sub(rf"\1:{HIDDEN}@", line))
