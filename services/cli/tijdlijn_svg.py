"""Draws when alarms were active, as SVG. Everything in it can be read aloud, and patterns repeat what colours say."""

from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from services.cli.tijdlijn import Alarmtijd, Onderwerplijn, Regelgroep, Tijdlijn, lengte, strepen
from services.core.dutch import dutch_moment

_ACTIVE, _WAITS = "#D55E00", "#0072B2"
"""Two colours of Okabe and Ito, which colour-blind people can tell apart."""
_INK, _LINE = "#1a1a1a", "#767676"
_WIDTH, _LABEL, _RIGHT = 1_000, 250, 20
_ROW, _BAR, _TOP, _BOTTOM = 24, 16, 70, 60
_NARROWEST = 2.0
"""The narrowest bar, so that a short alarm can be seen."""
_LABEL_MAX = 32


def als_svg(beeld: Tijdlijn, titel: str, beschrijving: str) -> bytes:
    """Returns the whole picture."""
    rows = sum(1 + max(1, len(groep.lijnen)) for groep in beeld.groepen)
    height = _TOP + rows * _ROW + _BOTTOM
    root = Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {height}",
        width=f"{_WIDTH}",
        height=f"{height}",
        role="img",
        lang="nl",
    )
    root.set("aria-labelledby", "titel beschrijving")
    root.set("font-family", "system-ui, sans-serif")
    root.set("font-size", "13")
    _texts(root, titel, beschrijving)
    _patterns(root)
    SubElement(root, "rect", width="100%", height="100%", fill="#ffffff")
    _say(root, 16, 26, titel, size="17", weight="bold")
    _legend(root)
    _axis(root, beeld, _TOP + rows * _ROW)
    top = _TOP
    for groep in beeld.groepen:
        top = _group(root, beeld, groep, top)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'.encode()


def _texts(root: Element, titel: str, beschrijving: str) -> None:
    for name, own_id, text in (("title", "titel", titel), ("desc", "beschrijving", beschrijving)):
        SubElement(root, name, id=own_id).text = text


def _patterns(root: Element) -> None:
    pattern = SubElement(
        SubElement(root, "defs"),
        "pattern",
        id="wacht",
        width="6",
        height="6",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    SubElement(pattern, "rect", width="6", height="6", fill="#ffffff")
    SubElement(pattern, "rect", width="2.5", height="6", fill=_WAITS)


def _legend(root: Element) -> None:
    for left, active, text in ((16, True, "alarm"), (110, False, "wacht om af te gaan, of om voorbij te zijn")):
        _rect(root, left, 38, 22, active=active)
        _say(root, left + 30, 51, text)


def _axis(root: Element, beeld: Tijdlijn, bottom: int) -> None:
    for mark in strepen(beeld.van, beeld.tot, 14):
        at = _x(beeld, mark.moment)
        _rule(root, (at, _TOP - 4), (at, bottom + 4))
        _say(root, at, bottom + 20, mark.tekst, anchor="middle" if _LABEL + 20 < at < _WIDTH - 40 else "start")
    text = f"{dutch_moment(beeld.van)} tot {dutch_moment(beeld.tot)}, Nederlandse tijd"
    _say(root, _LABEL, bottom + 44, text)


def _group(root: Element, beeld: Tijdlijn, groep: Regelgroep, top: int) -> int:
    """Draws a rule, and returns where the next one begins."""
    _say(root, 16, top + 17, groep.regel, weight="bold")
    for lijn in groep.lijnen or (Onderwerplijn("geen alarm", []),):
        top += _ROW
        _line(root, beeld, lijn, top, groep.tot)
    return top + _ROW


def _line(root: Element, beeld: Tijdlijn, lijn: Onderwerplijn, top: int, tot: datetime) -> None:
    shown = lijn.naam if len(lijn.naam) <= _LABEL_MAX else f"{lijn.naam[: _LABEL_MAX - 1]}…"
    _say(root, 28, top + 16, shown)
    middle = top + _ROW / 2
    _rule(root, (_LABEL, middle), (_x(beeld, tot), middle)).set("stroke-dasharray", "1 3")
    for blok in sorted(lijn.blokken, key=lambda blok: blok.actief):
        left, right = _x(beeld, blok.begin), _x(beeld, blok.eind)
        drawn = _rect(root, left, top + (_ROW - _BAR) / 2, max(_NARROWEST, right - left), active=blok.actief)
        SubElement(drawn, "title").text = _said(lijn, blok)


def _said(lijn: Onderwerplijn, blok: Alarmtijd) -> str:
    what = "alarm" if blok.actief else "wacht of herstelt"
    return f"{lijn.naam}: {what} van {dutch_moment(blok.begin)} tot {dutch_moment(blok.eind)}, {lengte(blok.duur)}"


def _rect(root: Element, left: float, top: float, width: float, *, active: bool) -> Element:
    return SubElement(
        root,
        "rect",
        x=f"{left:.1f}",
        y=f"{top:.1f}",
        width=f"{width:.1f}",
        height=f"{_BAR}",
        fill=_ACTIVE if active else "url(#wacht)",
        stroke=_ACTIVE if active else _WAITS,
    )


def _rule(root: Element, begin: tuple[float, float], end: tuple[float, float]) -> Element:
    (x1, y1), (x2, y2) = begin, end
    line = SubElement(root, "line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", stroke=_LINE)
    line.set("stroke-width", "0.5")
    return line


def _say(
    root: Element, left: float, base: float, text: str, *, size: str = "", weight: str = "", anchor: str = ""
) -> None:
    said = SubElement(root, "text", x=f"{left:.1f}", y=f"{base:.1f}", fill=_INK)
    for name, value in (("font-size", size), ("font-weight", weight), ("text-anchor", anchor)):
        if value:
            said.set(name, value)
    said.text = text


def _x(beeld: Tijdlijn, moment: datetime) -> float:
    share = (moment - beeld.van) / (beeld.tot - beeld.van)
    return _LABEL + share * (_WIDTH - _RIGHT - _LABEL)
