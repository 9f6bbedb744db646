"""`make setup-systeem` does nothing if all is there, installs only what is missing, and explains what it can't do."""

import os
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "systeem.sh"
JAVA = "echo 'openjdk version \"{}\" 2025-04-15' >&2"
PROGRAMS = ("mvn", "chromium-headless-shell", "prometheus", "promtool", "prometheus-alertmanager", "amtool")


def tool(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Makes a machine for root, with all programs. Its apt records its arguments and whether services may start."""
    for name in ("chmod", "mv", "rm", "sed", "sh"):
        (tmp_path / name).symlink_to(Path("/usr/bin") / name)
    tool(tmp_path, "java", JAVA.format("17.0.15"))
    for name in PROGRAMS:
        tool(tmp_path, name, "exit 0")
    tool(tmp_path, "id", "echo 0")
    policy = policy_of(tmp_path)
    tool(
        tmp_path,
        "apt-get",
        f'echo "$@" >> {tmp_path}/apt.log; [ ! -x {policy} ] || {policy} || echo "mag niet: $?" >> {tmp_path}/apt.log',
    )
    tool(tmp_path, "update-rc.d", f'echo update-rc.d "$@" >> {tmp_path}/apt.log')
    return tmp_path


def policy_of(tools: Path) -> Path:
    """Returns the stand-in for /usr/sbin/policy-rc.d, since that one belongs to the machine."""
    return tools / "policy-rc.d"


def run(tools: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": str(tools), "POLICY_RC_D": str(policy_of(tools))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    log = tools / "apt.log"
    return done.returncode, done.stdout + done.stderr, log.read_text() if log.exists() else ""


def test_nothing_is_done_when_all_is_there(tools: Path) -> None:
    began = time.monotonic()
    assert run(tools) == (0, "Java, Maven, Chromium, Prometheus en Alertmanager zijn er al\n", "")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("java", [JAVA.format("11.0.2"), JAVA.format("1.8.0_202"), "exit 127", "echo other"])
def test_a_java_that_will_not_do_is_none(tools: Path, java: str) -> None:
    tool(tools, "java", java)
    code, said, asked = run(tools)
    assert "install -qq -y --no-install-recommends default-jdk-headless\n" in asked
    assert (code, "geen Java 17" in said) == (1, True), "it looks again afterwards"


@pytest.mark.parametrize(
    ("program", "package"), [("mvn", "maven"), ("chromium-headless-shell", "chromium-headless-shell")]
)
def test_only_what_is_missing_is_installed(tools: Path, program: str, package: str) -> None:
    (tools / program).unlink()
    code, said, asked = run(tools)
    assert code == 0
    assert asked == f"update -qq\ninstall -qq -y --no-install-recommends {package}\n"
    assert said == f"apt-get installeert: {package}\n", "Chromium is no service: nothing to keep from starting"


def test_all_that_is_missing_is_installed_at_once(tools: Path) -> None:
    for name in PROGRAMS:
        (tools / name).unlink()
    tool(tools, "java", "exit 127")
    _, said, asked = run(tools)
    packages = "default-jdk-headless maven chromium-headless-shell prometheus prometheus-alertmanager"
    assert f"install -qq -y --no-install-recommends {packages}\n" in asked
    assert f"installeert: {packages}\n" in said


@pytest.mark.parametrize(
    ("program", "package"),
    [
        ("prometheus", "prometheus"),
        ("promtool", "prometheus"),
        ("prometheus-alertmanager", "prometheus-alertmanager"),
        ("amtool", "prometheus-alertmanager"),
    ],
)
@pytest.mark.parametrize("policy", [None, "exit 0"])
def test_no_service_is_started_and_what_said_so_is_put_back(
    tools: Path, program: str, package: str, policy: str | None
) -> None:
    (tools / program).unlink()
    if policy is not None:
        tool(tools, "policy-rc.d", policy)
    before = policy_of(tools).read_text() if policy else None
    code, said, asked = run(tools)
    assert code == 0
    install = f"install -qq -y --no-install-recommends {package}\nmag niet: 101\n"
    assert asked == f"update -qq\n{install}update-rc.d {package} disable\n"
    assert f"Niet gestart, ook niet bij het opstarten van de machine: {package}\n" in said
    assert (policy_of(tools).read_text() if policy_of(tools).exists() else None) == before
    assert not (tools / "policy-rc.d.bewaard").exists()


@pytest.mark.parametrize("policy", [None, "exit 0"])
def test_a_failed_install_leaves_no_rule_behind(tools: Path, policy: str | None) -> None:
    (tools / "amtool").unlink()
    if policy is not None:
        tool(tools, "policy-rc.d", policy)
    tool(tools, "apt-get", '[ "$1" = update ] || { echo "E: kapot" >&2; exit 100; }')
    code, said, _ = run(tools)
    assert (code, "kapot" in said, "Niet gestart" in said) == (100, True, False)
    assert policy_of(tools).exists() is (policy is not None)
    assert policy is None or policy_of(tools).read_text() == f"#!/bin/sh\n{policy}\n"


def test_who_is_not_root_hears_what_to_do(tools: Path) -> None:
    (tools / "mvn").unlink()
    tool(tools, "id", "echo 1000")
    code, said, asked = run(tools)
    assert (code, asked) == (1, "")
    assert "maven" in said
    assert "sudo make setup-systeem" in said


def test_a_machine_without_apt_hears_what_is_wanted(tools: Path) -> None:
    (tools / "mvn").unlink()
    (tools / "apt-get").unlink()
    code, said, _ = run(tools)
    assert (code, "geen apt-get" in said, "Chromium" in said) == (1, True, True)


def test_ci_calls_it_first() -> None:
    lines = (SCRIPT.parents[1] / ".ci" / "run").read_text().splitlines()
    assert lines.index("make setup-systeem") < lines.index("for ronde in test volledig; do")
    assert os.access(SCRIPT.parents[1] / ".ci" / "run", os.X_OK)
