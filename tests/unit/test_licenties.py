"""Every installed distribution of requirements.lock has a licence that pyproject.toml accepts, or is named there."""

import re
import tomllib
from email.message import Message
from importlib import metadata
from typing import Any

import pytest

from deploy.adviezen import LOCK, locked
from tests.support.deploy_files import ROOT

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["opvangpeil"]["licenties"]
ACCEPTED, EXCEPTIONS = set(DECLARED["aanvaard"]), DECLARED["uitzonderingen"]
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-2-Clause OR BSD-3-Clause",  # it does not say which
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Classifier → SPDX, for distributions that have no SPDX expression."""


def licences(about: Any) -> set[str]:
    """Every licence that a distribution names, in SPDX where it can be read so.

    A choice ("MIT OR Apache-2.0") counts as both, so that the list holds whatever anyone may pick.
    """
    stated = about.get("License-Expression") or about.get("License", "")
    names = set(re.split(r"[\s()]+(?:AND|OR|WITH)[\s()]+|[()]", stated)) - {""}
    if about.get("License-Expression") or (names and names <= ACCEPTED):
        return {name.strip() for name in names}
    told = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License :: ")]
    return {name for one in told for name in CLASSIFIERS.get(one, one).split(" OR ")}


def _installed() -> dict[str, Any]:
    found = {}
    for name, _ in LOCKED:
        try:
            found[name] = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
    return found


LOCKED = locked(LOCK.read_text())
INSTALLED = _installed()


def test_what_is_locked_is_what_is_looked_at() -> None:
    assert {name for name, _ in LOCKED} - set(INSTALLED) <= {"colorama"}, "not here, so not looked at: make setup"
    # Of some, another version is for another Python.
    assert {(name, about["Version"]) for name, about in INSTALLED.items()} <= set(LOCKED), "make setup"


@pytest.mark.parametrize("name", sorted(INSTALLED))
def test_its_licence_is_accepted_or_it_is_an_exception_with_a_reason(name: str) -> None:
    found = licences(INSTALLED[name])
    if name in EXCEPTIONS:
        assert not found or not found <= ACCEPTED, f"{name} needs no exception any more"
        assert EXCEPTIONS[name].keys() == {"licentie", "reden"}
        return
    assert found, f"{name} names no licence: read it, and name it in [tool.opvangpeil.licenties.uitzonderingen]"
    assert found <= ACCEPTED, f"{name}: {sorted(found - ACCEPTED)} is not in [tool.opvangpeil.licenties]"


def test_every_exception_is_of_something_that_is_here() -> None:
    assert set(EXCEPTIONS) <= set(INSTALLED)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"License-Expression": "MPL-2.0 AND (Apache-2.0 OR MIT)"}, {"MPL-2.0", "Apache-2.0", "MIT"}),
        ({"License-Expression": "GPL-3.0-only"}, {"GPL-3.0-only"}),
        ({"License": "MIT", "Classifier": "License :: OSI Approved :: Apache Software License"}, {"MIT"}),
        ({"License": "Apache 2", "Classifier": "License :: OSI Approved :: Apache Software License"}, {"Apache-2.0"}),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, {"BSD-2-Clause", "BSD-3-Clause"}),
        ({"Classifier": "License :: Repoze Public License"}, {"Repoze Public License"}),
        ({"License": "Vrij"}, set()),
        ({}, set()),
    ],
)
def test_a_licence_is_read_from_what_a_distribution_says_of_itself(fields: dict[str, str], expected: set[str]) -> None:
    about = Message()
    for key, value in fields.items():
        about[key] = value
    assert licences(about) == expected
