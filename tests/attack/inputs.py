"""Makes hostile HTTP requests, as raw bytes. All of them follow from a seed."""

import copy
import random
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import orjson

from schemas.reference import gemeente_codes, provincie_codes
from services.dashboard.pages import PAGES
from services.web.addresses import (
    ADDRESSES,
    ALARMTOETSEN,
    INLEZEN,
    INLEZEN_VERSTUREN,
    INSTUREN,
    MELDEN,
    NAMEN,
    VERGELIJKEN,
    Address,
)
from tests.support.deploy_files import DEPLOY
from tests.support.examples import cases

STRUCTURED, BATCH, JSON = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    5.0,
    0.1,
    2**63,
    -(2**63),
    1e308,
    "",
    " ",
    "\x00",
    "\u202ex",
    "x" * 3_000,
    "é" * 301,
    "9999-99-99T99:99:99Z",
    "2010-01-01T00:00:00+14:00",
    "=1+1;|cmd",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "ovp_x_" + "a" * 43,
    [],
    {},
    [[[[[]]]]],
    {"$ref": "#"},
    ["a"] * 200,
)
"""Values that a field does not expect."""
TEXTS = (
    *(
        "",
        "x",
        "-1",
        "0",
        "5.0",
        "1e9",
        "true",
        "null",
        "*",
        "%00",
        "..",
        "'",
        '"',
        "LOC-",
        "GM9999",
        "PV00",
        "NL",
        "ü",
    ),
    *("2010-01-01", "2026-05-26", "2050-12-31", "2009-12-31", "2051-01-01", "2026-05-26T08:00:00+02:00", "2026-02-30"),
    *(
        "uur",
        "dag",
        "week",
        "maand",
        "json",
        "csv",
        "xlsx",
        "parquet",
        "2024",
        "cyclus",
        "1-0",
        "9-99999999999",
        "\U0001f3e0",
    ),
)
NAMES = (
    *("geldigOp", "bekendOp", "positie", "telregel", "cyclus", "formaat", "na", "aantal", "van", "tot", "stap", "zoek"),
    *("onderwerp", "type", "bron", "sorteer", "gemeente", "provincie", "open", "vanGeldigOp", "vanBekendOp", "maanden"),
    *("naarGeldigOp", "naarBekendOp", "regel", "status", "ernst", "grootheid", "token", "x"),
)
RULES = (DEPLOY / "alarmregels.toml").read_text(encoding="utf-8")
DEEP = ("x = " + "[" * 30_000, "x = " + "{a=" * 10_000, "x = " + "9" * 50_000, "a" + ".a" * 15_000 + " = 1")
"""Files of rules that are hard to read."""
_READS = [one for one in ADDRESSES if one.method == "GET" and not one.live]
_CHEAP = [one for one in (*_READS, *(page.address for page in PAGES)) if not one.costly]
_COSTLY = [one for one in _READS if one.costly]
_TARGETS = [f"LOC-SIM-{number}" for number in range(40)] + sorted(gemeente_codes())[:60] + sorted(provincie_codes())
_HOST = b"Host: 127.0.0.1\r\n"


class Input(NamedTuple):
    """One request, and what kind of attack it is."""

    kind: str
    raw: bytes
    alone: bool = False
    """Whether it is sent on a connection of its own, since it may end in the middle of a request."""


def inputs(count: int, seed: int, token: str) -> Iterator[Input]:
    """Yields `count` requests, the kinds mixed."""
    chance = random.Random(seed)
    events = [orjson.loads(path.read_bytes()) for path in cases("valid") if "opvangalarmen" not in path.as_posix()]
    makers = {
        _event: 42,
        _query: 36,
        _path: 10,
        _head: 4,
        _comparison: 2,
        _form: 2,
        _file: 2,
        _rules: 1,
        _other_method: 1,
    }
    for made in chance.choices([*makers], [*makers.values()], k=count):
        yield made(chance, events, token)


def request(method: str, target: str, token: str, body: bytes = b"", content_type: str = "", *more: str) -> bytes:
    """Returns the bytes of a request."""
    head = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}", *more]
    if body or method == "POST":
        head += [f"Content-Length: {len(body)}", f"Content-Type: {content_type}"]
    return "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + body


def _event(chance: random.Random, events: list[Any], token: str) -> Input:
    made = [_mutated(chance, chance.choice(events)) for _ in range(chance.choice((1, 1, 1, 1, 2, 5)))]
    body = orjson.dumps(made if len(made) > 1 else made[0])
    kind = BATCH if len(made) > 1 else STRUCTURED
    if chance.random() < 0.2:
        body = _garbled(chance, body)
    if chance.random() < 0.1:
        kind = chance.choice((STRUCTURED, BATCH, JSON, "text/plain", "application/json; charset=utf-16", ""))
    return Input("gebeurtenis", request("POST", INSTUREN.path, token, body, kind))


def _mutated(chance: random.Random, event: Any) -> Any:
    made = orjson.loads(orjson.dumps(event))
    made["id"] = str(UUID(int=chance.getrandbits(128), version=4))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 4))):
        within = made["data"] if isinstance(made.get("data"), dict) and chance.random() < 0.7 else made
        name = chance.choice([*within, "onbekend", "traceparent", "x" * 500])
        if chance.random() < 0.2:
            within.pop(name, None)
        else:
            within[name] = copy.deepcopy(chance.choice(ODD))
    return made


def _garbled(chance: random.Random, body: bytes) -> bytes:
    place = chance.randrange(len(body) + 1)
    piece = chance.choice(
        (b"", b"\x00", b"\xff\xfe", b"[" * 2_000, b'{"a":' * 300, b"NaN", b"1e999", b',"id":1', b"}" * 9, body)
    )
    return body[:place] + piece + (b"" if chance.random() < 0.3 else body[place:])


def _query(chance: random.Random, _events: list[Any], token: str) -> Input:
    address: Address = chance.choice(_COSTLY if chance.random() < 0.03 else _CHEAP)
    names = chance.choices(NAMES, k=chance.choice((0, 1, 1, 2, 3)))
    asked = "&".join(f"{name}={quote(chance.choice(TEXTS), safe='%')}" for name in names)
    accept = chance.choice(("*/*", "text/html", JSON, "text/csv", "application/*;q=0", ",;q=", "x" * 200))
    return Input("vraag", request("GET", f"{_filled(chance, address)}?{asked}", token, b"", "", f"Accept: {accept}"))


def _filled(chance: random.Random, address: Address) -> str:
    count = address.path.count("{")
    return address.to(*(quote(chance.choice((*TEXTS, *_TARGETS)), safe="%") or "x" for _ in range(count)))


def _path(chance: random.Random, _events: list[Any], token: str) -> Input:
    parts = (
        "v1",
        "..",
        ".",
        "%2e%2e",
        "%00",
        "",
        "a" * 900,
        "%ff",
        "static",
        "gemeenten",
        "GM0344",
        "{id}",
        "~",
        "\xe9",
    )
    path = "/" + "/".join(chance.choices(parts, k=chance.randrange(1, 6)))
    return Input("pad", request(chance.choice(("GET", "GET", "HEAD", "OPTIONS")), path, token))


def _other_method(chance: random.Random, _events: list[Any], token: str) -> Input:
    method = chance.choice(("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "POST"))
    path = _filled(chance, chance.choice([one for one in ADDRESSES if one.method == "GET"]))
    return Input("methode", request(method, path, token, b"{}", JSON))


def _comparison(chance: random.Random, events: list[Any], token: str) -> Input:
    asked: dict[str, Any] = {
        "gebeurtenissen": [_mutated(chance, chance.choice(events)) for _ in range(chance.randrange(4))],
        "cijfers": chance.random() < 0.2,
        "zinnen": chance.random() < 0.5,
        "volledig": {"source": chance.choice(TEXTS), "type": chance.choice(TEXTS), "onderwerpen": _TARGETS[:9]},
    }
    for name in chance.sample([*asked], k=chance.randrange(3)):
        asked[name] = copy.deepcopy(chance.choice(ODD))
    body = orjson.dumps(asked)
    return Input("vergelijking", request("POST", VERGELIJKEN.path, token, _garbled(chance, body), JSON))


def _form(chance: random.Random, _events: list[Any], token: str) -> Input:
    names = ("soort", "onderwerp", "aanwezig", "peilmoment", "plaatsen", "controleer", "id", "time", "x" * 99)
    names += ("soort.0", "naam.0", "id.0", "anders.0", "naam.99")
    said = "&".join(f"{name}={quote(chance.choice(TEXTS), safe='%')}" for name in chance.choices(names, k=5))
    path = chance.choice((MELDEN, MELDEN, NAMEN)).path
    return Input("formulier", request("POST", path, token, said.encode(), "application/x-www-form-urlencoded"))


def _file(chance: random.Random, _events: list[Any], token: str) -> Input:
    """A form with a file, as a browser sends it, or as none would."""
    sign = chance.choice(("grens", "grens", "grens", "g" * 70, "a b", ""))
    begin = chance.choice((b"Locatie;Datum;Aanwezig\r\nAzc;2026-05-26;3\r\n", b"PK\x03\x04", b"{", b"PAR1", b""))
    name = chance.choice(("telling.csv", "a.xlsx", "../../x.csv", "x" * 400, "", "\xe9.ods"))
    parts = [
        f'Content-Disposition: form-data; name="bestand"; filename="{name}"'.encode("latin-1")
        + b"\r\n\r\n"
        + _garbled(chance, begin),
        b'Content-Disposition: form-data; name="profiel"\r\n\r\n' + chance.choice(TEXTS).encode(),
        b'Content-Disposition: form-data; name="gebeurtenissen"\r\n\r\n[{}]',
        b"\x00: \xff\r\n\r\n",
    ]
    chosen = chance.sample(parts, k=chance.randrange(1, len(parts)))
    mark = f"--{sign}".encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in chosen) + chance.choice((mark + b"--\r\n", b""))
    path = chance.choice((INLEZEN, INLEZEN, INLEZEN_VERSTUREN)).path
    return Input("bestand", request("POST", path, token, body, f"multipart/form-data; boundary={sign}"))


def _rules(chance: random.Random, _events: list[Any], token: str) -> Input:
    body = orjson.dumps({"regels": toml(chance)})
    return Input("alarmregels", request("POST", ALARMTOETSEN.path, token, body, JSON))


def toml(chance: random.Random) -> str:
    """Returns a file of rules that is spoilt somewhere."""
    if chance.random() < 0.1:
        return chance.choice(DEEP)
    place = chance.randrange(len(RULES))
    piece = chance.choice(
        ("", "[", "]]", '"', "'''", "= =", "\x00", "[[regel]]\n" * 40, "9" * 400, "#", "\\u0000", "é")
    )
    return RULES[:place] + piece + RULES[place + chance.randrange(60) :]


def _head(chance: random.Random, _events: list[Any], token: str) -> Input:
    start = b"GET /v1/bezetting HTTP/1.1\r\n" + _HOST
    bearer = f"Authorization: Bearer {token}\r\n".encode()
    raw = chance.choice(
        (
            start + b"a: b\r\n" * chance.choice((90, 101, 5_000, 100_000)) + b"\r\n",
            start + b"a: " + b"x" * chance.choice((30_000, 33_000, 400_000)) + b"\r\n\r\n",
            start + b"a: " + b"x" * 33_000 + b"\r\nContent-Length: 3\r\n\r\nabc",
            start + _HOST + b"\r\n",
            b"GET /v1/bezetting HTTP/1.1\r\n\r\n",
            b"GET / HTTP/9.9\r\n" + _HOST + b"\r\n",
            b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n" + _HOST + b"\r\n",
            start + b"Content-Length: -1\r\n\r\n",
            start + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            start + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
            start + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            start + b"a\x00b: c\r\n\r\n",
            start + b"Authorization: Bearer \xff\xfe\r\n\r\n",
            start + b"Authorization: Bearer ovp_a_b\r\n\r\n",
            start + bearer + bearer + b"\r\n",
            start + bearer + b"Cookie: " + b"a=b; " * 900 + b"\r\n\r\n",
            start + bearer + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
            start + bearer + b"Expect: 100-continue\r\n\r\n",
            start + bearer + b"Accept-Encoding: " + b"gzip," * 2_000 + b"\r\n\r\n",
            start + bearer + b"If-None-Match: " + b'"a",' * 2_000 + b"\r\n\r\n",
            start + bearer + b"traceparent: 00-" + b"z" * 400 + b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            bytes(chance.getrandbits(8) for _ in range(chance.randrange(1, 400))),
        )
    )
    return Input("kop", raw, alone=True)
