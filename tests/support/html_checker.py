"""The Nu Html Checker, which knows the HTML standard: a Java program from Maven Central, pinned in vnu/pom.xml."""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from tests.support.missing import without

POM = Path(__file__).parent / "vnu" / "pom.xml"
JARS = Path(__file__).parents[2] / ".vnu"
FETCHED = JARS / "klaar"
FETCH_SECONDS_MAX = 240
CHECK_SECONDS_MAX = 120
FETCH = [
    # --strict-checksums makes Maven refuse a jar with a wrong checksum.
    "mvn",
    "--batch-mode",
    "--quiet",
    "--strict-checksums",
    "--file",
    str(POM),
    "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
    "-DincludeScope=runtime",
    f"-DoutputDirectory={JARS}",
]
CHECK = [
    # The checker needs a deep stack. Little compilation makes a short run fastest.
    "java",
    "-Xss8m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-cp",
    f"{JARS}/*",
    "nu.validator.client.SimpleCommandLineValidator",
    "--stdout",
    "--format",
    "json",
    "--skip-info-messages",
    "--exit-zero-always",
]


def missing() -> str | None:
    """Returns why pages can't be checked here, or None. Fetches the checker if that has not been done yet."""
    for command in ("java", "mvn"):
        if shutil.which(command) is None and (command == "java" or not _is_fetched()):
            return f"{command} ontbreekt (make setup-systeem)"
    JARS.mkdir(exist_ok=True)
    with (JARS / "slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker fetches, the others wait
        return None if _is_fetched() else _fetch()


def html_errors(pages: Mapping[str, str]) -> list[str]:
    """Returns the errors and warnings in pages (name → HTML), one line each. Skips the test without the checker.

    A call takes about a second for any number of pages, so give them all at once.
    """
    if reason := missing():
        without("Nu Html Checker", reason)
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            names[file.as_uri().replace("///", "/")] = name
        checked = subprocess.run(
            [*CHECK, *sorted(str(file) for file in Path(folder).iterdir())],
            capture_output=True,
            timeout=CHECK_SECONDS_MAX,
            check=False,
        )
    assert checked.returncode == 0, checked.stderr.decode()[-3000:]
    return [_line(message, names) for message in orjson.loads(checked.stdout)["messages"]]


def _line(message: Mapping[str, Any], names: Mapping[str, str]) -> str:
    where = names.get(message.get("url", ""), message.get("url", "?"))
    kind = message.get("subType", message["type"])
    extract = " ".join(message.get("extract", "").split())
    return f"{where}:{message.get('lastLine', '?')}: {kind}: {message['message']} «{extract}»"


def _is_fetched() -> bool:
    return FETCHED.is_file() and FETCHED.read_bytes() == POM.read_bytes()


def _fetch() -> str | None:
    for jar in JARS.glob("*.jar"):
        jar.unlink()
    try:
        fetched = subprocess.run(FETCH, capture_output=True, text=True, timeout=FETCH_SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        return f"Maven is na {FETCH_SECONDS_MAX} s niet klaar met halen"
    if fetched.returncode:
        return f"Maven: {(fetched.stdout or fetched.stderr)[:500]}"
    shutil.copyfile(POM, FETCHED)
    return None
