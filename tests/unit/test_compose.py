"""deploy/compose.yaml, the Dockerfile and ClickHouse's settings, checked against their schema and the program."""

import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.dashboard.pages import PAGES
from services.web.addresses import ADDRESSES
from tests.support.deploy_files import (
    DEPLOY,
    IMAGE,
    ROOT,
    container,
    documents,
    health_paths,
    of_kind,
    runs,
    settings_of_the_program,
)
from tests.support.json_schemas import validator_of

(COMPOSE,) = documents(DEPLOY / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"ingest", "processor", "alarms", "api", "migreer"}
WATCHER = "volg"
"""It speaks to the others over HTTP alone, and runs only where somebody asks for it."""
PROXY = (DEPLOY / "proxy" / "nginx.conf").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SCHEMA = files("check_jsonschema").joinpath("builtin_schemas", "vendor", "compose-spec.json").read_bytes()


def test_it_is_what_compose_takes() -> None:
    specification = validator_of(orjson.loads(SCHEMA))
    assert not list(specification.iter_errors(COMPOSE))
    assert not specification.is_valid(COMPOSE | {"services": {"api": {"imagee": "x"}}})


def test_all_of_it_is_there_and_watched() -> None:
    assert set(SERVICES) == OURS | {
        WATCHER,
        "ingang",
        "kafka1",
        "kafka2",
        "kafka3",
        "keeper",
        "clickhouse1",
        "clickhouse2",
    }
    for name, service in SERVICES.items():
        assert "test" in service["healthcheck"] or name == "migreer", name
        assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory"}, name
        assert "no-new-privileges:true" in service["security_opt"], name
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES
            assert how["condition"] == "service_completed_successfully" if other == "migreer" else "service_healthy"
    for name in OURS - {"migreer"}:
        assert "migreer" in SERVICES[name]["depends_on"]


@pytest.mark.parametrize("name", sorted(OURS | {WATCHER}))
def test_ours_run_with_the_least(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["image"] == f"${{OPVANGPEIL_IMAGE:-{IMAGE}}}"
    assert runs(service["command"]), service["command"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_only_the_watcher_of_files_is_off_unless_asked_for() -> None:
    assert [name for name, one in SERVICES.items() if "profiles" in one] == [WATCHER]
    given = SERVICES[WATCHER]["environment"]
    assert given.keys() == {"OPVANGPEIL_HOST", "OPVANGPEIL_PROFIELEN", "OPVANGPEIL_TOKEN"}


def test_who_writes_is_another_user_than_who_reads() -> None:
    users = {
        name: re.search(r"clickhouse://(\w+):", SERVICES[name]["environment"]["OPVANGPEIL_CLICKHOUSE"]) for name in OURS
    }
    assert {name: user[1] for name, user in users.items() if user} == {
        "ingest": "lezer",
        "alarms": "lezer",
        "api": "api",
        "processor": "schrijver",
        "migreer": "beheer",
    }
    for name in OURS - {"migreer"}:  # in Kubernetes they are the same
        env = {v["name"]: v for v in container(of_kind("Deployment")[name])["env"]}
        key = env["OPVANGPEIL_CLICKHOUSE"]["valueFrom"]["secretKeyRef"]["key"]
        assert key == f"clickhouse-{users[name][1]}"  # type: ignore[index]


def test_every_setting_is_read_and_every_volume_and_file_is_there() -> None:
    ours = {variable for name in (*OURS, WATCHER) for variable in SERVICES[name]["environment"]}
    assert ours <= settings_of_the_program()
    for service in SERVICES.values():
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], mount


def test_no_secret_is_in_the_file_and_each_is_in_the_form() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    named = set(re.findall(r"\$\{([A-Z_]+)[:}-]", text)) - {"OPVANGPEIL_IMAGE"}
    form = dict(
        line.split("=", 1) for line in (DEPLOY / "geheimen.voorbeeld.env").read_text().splitlines() if line[:1] != "#"
    )
    assert named == set(form)
    assert not any(form.values())
    assert not re.search(r"//\w+:[^$\s/]*@", text), "a password is written out"
    assert "deploy/.env" in (ROOT / ".gitignore").read_text().split()


def test_only_the_proxy_can_be_reached_and_what_it_says_of_a_caller_is_believed() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["ingang"]
    assert SERVICES["ingang"]["ports"] == ["127.0.0.1:8080:8080"]
    own = SERVICES["ingang"]["networks"]["binnen"]["ipv4_address"]
    trusted = SERVICES["api"]["environment"]["OPVANGPEIL_PROXY"]
    assert trusted == f"{own}${{OPVANGPEIL_PROXY:+,$OPVANGPEIL_PROXY}}", "its own proxy, and those that are filled in"
    (network,) = COMPOSE["networks"]["binnen"]["ipam"]["config"]
    assert ip_address(own) in ip_network(network["subnet"])
    assert ip_address(own) not in ip_network(network["ip_range"]), "another container may get it"
    assert network["gateway"] in (ROOT / "deploy" / "geheimen.voorbeeld.env").read_text(), (
        "as which ingang sees this machine"
    )


def test_the_proxy_sends_each_address_to_the_service_that_answers_it() -> None:
    """The forms of pages too, and what may be asked with HEAD."""
    rules = re.findall(r'^ +"~(\S+ \S+)" +(\w+);$', PROXY, re.MULTILINE)
    assert len(rules) == PROXY.partition('" $dienst {')[2].partition("}\n")[0].count(";") - 1, "one is the default"
    assert re.search(r"^ +default +api;$", PROXY, re.MULTILINE)
    asked = {(one.method, one.path): one.owner for one in (*ADDRESSES, *(page.address for page in PAGES))}
    asked |= {("HEAD", path): owner for (method, path), owner in asked.items() if method == "GET"}
    met = set()
    for (method, path), owner in asked.items():
        line = f"{method} {re.sub('{.*?}', 'een-ID.1', path)}"
        found = [rule for rule in rules if re.search(rule[0], line)]
        met |= set(found)
        assert [service for _, service in found] == ([] if owner in ("api", "every") else [owner]), line
    assert met == set(rules)
    assert set(dict(rules).values()) | {"api"} <= set(SERVICES)


def test_a_probe_asks_what_is_there() -> None:
    asked = set(
        re.findall(r"127\.0\.0\.1:(?:8080|\{[^}]*\}\})?(/\w+)", (DEPLOY / "compose.yaml").read_text() + DOCKERFILE)
    )
    assert {"/gereed"} <= asked
    assert asked - {"/ping"} <= health_paths()
    assert "/gezond" in DOCKERFILE


def test_topics_have_as_many_copies_as_there_are_brokers() -> None:
    command = SERVICES["migreer"]["command"]
    assert command[command.index("--kopieen") + 1] == "3"
    assert command[command.index("--partities") + 1] == SERVICES["api"]["environment"]["OPVANGPEIL_PARTITIES"]
    for number in "123":
        kafka = SERVICES[f"kafka{number}"]["environment"]
        assert (kafka["KAFKA_NODE_ID"], kafka["KAFKA_MIN_INSYNC_REPLICAS"]) == (number, "2")


@pytest.mark.parametrize("file", sorted((DEPLOY / "clickhouse").glob("*.xml")), ids=lambda file: file.name)
def test_settings_of_clickhouse_are_xml_without_a_secret(file: Path) -> None:
    root = ET.parse(file).getroot()
    assert root.tag == "clickhouse"
    given = {variable for service in SERVICES.values() for variable in service.get("environment", ())}
    for element in root.iter():
        if element.tag in ("password", "secret"):
            assert element.get("from_env")
            assert not (element.text or "").strip()
        assert element.get("from_env", "CLICKHOUSE_BEHEER") in given


def test_users_may_do_what_they_need_and_no_more() -> None:
    users = ET.parse(DEPLOY / "clickhouse" / "gebruikers.xml").getroot().find("users")
    assert users is not None
    rights = {user.tag: [query.text for query in user.iter("query")] for user in users if user.get("remove") is None}
    assert rights["lezer"] == ["GRANT SELECT ON opvang.*"]
    assert rights["schrijver"] == ["GRANT SELECT, INSERT ON opvang.*"]
    assert rights["api"] == ["GRANT SELECT ON opvang.*", "GRANT INSERT ON opvang.toegang"]
    assert set(rights) == {"lezer", "api", "schrijver", "beheer"}
    assert users.find("default").get("remove") == "1"  # type: ignore[union-attr]


def test_the_cluster_is_named_alike_everywhere() -> None:
    servers = ET.parse(DEPLOY / "clickhouse" / "cluster.xml").getroot().find("remote_servers")
    assert servers is not None
    assert [cluster.tag for cluster in servers] == [
        SERVICES["migreer"]["environment"]["OPVANGPEIL_CLICKHOUSE"].rpartition("?cluster=")[2]
    ]
    assert {host.text for host in servers.iter("host")} == {"clickhouse1", "clickhouse2"}


def test_the_image_is_of_locked_versions_and_no_root() -> None:
    build, _, last = DOCKERFILE.rpartition("\nFROM ")
    assert "--require-hashes" in build
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "pip install" not in last
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in source.split():
            assert (ROOT / name).exists(), name
            kept = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
            assert f"!{name}" in kept


def test_the_versions_of_the_image_are_those_that_are_tested() -> None:
    tested, image = (_locked(ROOT / name) for name in ("requirements.lock", "deploy/requirements.lock"))
    assert image.items() <= tested.items()
    for of_tests_only in ("pytest", "hypothesis", "ruff", "kubernetes-validate"):
        assert of_tests_only in tested
        assert of_tests_only not in image


def _locked(file: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Returns name and marker → version and hashes."""
    found = {}
    for entry in re.split(r"\n(?=\S)", file.read_text()):
        if match := re.match(r"([\w.\[\]-]+)==([^\s;\\]+)([^\\\n]*)", entry):
            found[match[1] + match[3].strip()] = (match[2], frozenset(re.findall(r"sha256:\w+", entry)))
    return found
