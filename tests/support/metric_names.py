"""Finds the series of Opvangpeil in an expression of Prometheus, and those among them that do not exist."""

import re

from services.metrics import LIJST

ADDED = frozenset({"job", "instance", "onderdeel"})
"""Labels that Prometheus adds to every series (deploy/prometheus/prometheus.yml)."""
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",), "figuur": ("",)}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)(?:\s*\{([^}]*)\})?")


def series() -> dict[str, frozenset[str]]:
    """Returns every series in /metrics, with the labels that can select it."""
    return {
        metric.naam + suffix: frozenset(metric.labels) | ADDED | ({"le"} if suffix == "_bucket" else set())
        for metric in LIJST
        for suffix in _SUFFIXES[metric.soort]
    }


def asked(expression: str) -> dict[str, set[str]]:
    """Returns our series in an expression, recorded ones too, each with the labels that select it."""
    found: dict[str, set[str]] = {}
    for name, matchers in _SELECTOR.findall(_STRING.sub('""', expression)):
        if "opvangpeil" in name:
            found.setdefault(name, set()).update(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
    return found


def unknown(expression: str, recorded: set[str]) -> list[str]:
    """Returns the series and labels in an expression that do not exist."""
    known = series()
    wrong = []
    for name, labels in asked(expression).items():
        if name not in known and name not in recorded:
            wrong.append(name)
        elif name in known and not labels <= known[name]:
            wrong.append(f"{name}: {', '.join(sorted(labels - known[name]))}")
    return wrong
