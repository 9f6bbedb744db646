"""Asks OSV which known weaknesses the locked versions have: `python -m deploy.adviezen`, or `make adviezen`.

Exit code 0: asked, and none known; 1: asked, and there are some; 3: not asked, because OSV could not be reached.
"""

import re
import sys
from pathlib import Path

import httpx

LOCK = Path(__file__).parents[1] / "requirements.lock"
OSV = "https://api.osv.dev/v1/querybatch"
NOT_ASKED = 3


def locked(text: str) -> list[tuple[str, str]]:
    """Returns name and version of all that a lock holds."""
    return re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE)


def advice(packages: list[tuple[str, str]], client: httpx.Client) -> list[tuple[str, str, list[str]]]:
    """Returns name, version and advisories of the packages that have any.

    Raises httpx.HTTPError where OSV doesn't answer, and ValueError where it answers something else.
    """
    asked = [{"package": {"ecosystem": "PyPI", "name": name}, "version": version} for name, version in packages]
    found = client.post(OSV, json={"queries": asked}).raise_for_status().json()["results"]
    rows = zip(packages, found, strict=True)
    return [(name, version, [one["id"] for one in row["vulns"]]) for (name, version), row in rows if row.get("vulns")]


def main(client: httpx.Client) -> int:
    """Prints what is known of the versions in requirements.lock."""
    packages = locked(LOCK.read_text(encoding="utf-8"))
    try:
        found = advice(packages, client)
    except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"Niet nagekeken op bekende zwakheden: {OSV} geeft geen bruikbaar antwoord ({error})")
        return NOT_ASKED
    for name, version, ids in found:
        print(f"{name} {version}: {', '.join(f'https://osv.dev/{one}' for one in ids)}")
    print(f"{len(packages)} pakketten nagekeken bij OSV; {len(found)} met een bekende zwakheid")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(httpx.Client(timeout=20)))
