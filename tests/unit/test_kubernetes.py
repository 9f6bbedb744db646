"""deploy/kubernetes: each document follows the schema of Kubernetes strictly, and every part has what it needs."""

from typing import Any

import kubernetes_validate
import pytest

from services.dashboard.pages import PAGES
from services.web.addresses import ADDRESSES
from tests.support.deploy_files import (
    ALL,
    DEPLOY,
    IMAGE,
    KUBERNETES,
    container,
    documents,
    health_paths,
    of_kind,
    runs,
    settings_of_the_program,
)

VERSIONS = ("1.31", "1.34", "1.37")
SERVICES = {"ingest", "processor", "alarms", "api"}
WATCHER = "volg"
"""A command of its own, which only those run who have files to bring in: an example, and one at a time."""


WORKLOADS = of_kind("Deployment") | of_kind("Job")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("file", "document"), ALL, ids=lambda value: value if isinstance(value, str) else value["kind"]
)
def test_each_document_is_what_kubernetes_takes(file: str, document: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(document, version, strict=True)
    assert document["metadata"].get("namespace", "opvangpeil") == "opvangpeil"


def test_the_schema_sees_a_mistake() -> None:
    wrong = of_kind("Deployment")["api"] | {"spec": {**of_kind("Deployment")["api"]["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_every_service_has_all_that_it_needs() -> None:
    assert set(of_kind("Deployment")) == SERVICES | {WATCHER}
    for kind in ("Service", "PodDisruptionBudget"):
        assert set(of_kind(kind)) == SERVICES
    for name in SERVICES:
        labels = {"app.kubernetes.io/name": name}
        deployment = of_kind("Deployment")[name]
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        assert of_kind("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"] == labels
        assert of_kind("Service")[name]["spec"]["selector"] == labels
        assert deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
        replicas = deployment["spec"].get("replicas") or of_kind("HorizontalPodAutoscaler")[name]["spec"]["minReplicas"]
        assert replicas > of_kind("PodDisruptionBudget")[name]["spec"]["minAvailable"], "or no node could be emptied"


@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_nothing_runs_with_more_than_it_needs(name: str) -> None:
    pod, one = WORKLOADS[name]["spec"]["template"]["spec"], container(WORKLOADS[name])
    assert pod["securityContext"].items() >= {"runAsNonRoot": True, "runAsUser": 10001}.items()
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["terminationGracePeriodSeconds"] == 15
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert one["resources"]["requests"].keys() == {"cpu", "memory"}
    assert "memory" in one["resources"]["limits"]
    assert one["image"] == IMAGE
    assert runs(one["command"]), one["command"]
    assert {mount["name"] for mount in one["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


@pytest.mark.parametrize("name", sorted(SERVICES | {WATCHER}))
def test_probes_ask_what_is_there(name: str) -> None:
    one = container(of_kind("Deployment")[name])
    asked = {kind: one[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert asked == {"startup": "/gezond", "liveness": "/gezond", "readiness": "/gereed"}
    assert set(asked.values()) <= health_paths()
    assert {port["name"] for port in one["ports"]} == {"http"}
    own = ["python", "-m", f"services.{name}"]
    assert one["command"][: len(own)] == (own if name in SERVICES else ["opvangpeil", WATCHER, "/bestanden"])


def test_every_setting_is_read_and_every_key_is_there() -> None:
    maps, secrets = of_kind("ConfigMap"), of_kind("Secret")
    named = set(maps["opvangpeil"]["data"]) | set(secrets["opvangpeil-toegang"]["stringData"])
    for workload in WORKLOADS.values():
        one = container(workload)
        for source in one.get("envFrom", ()):
            assert source.get("configMapRef", {}).get("name", "opvangpeil") in maps
            assert source.get("secretRef", {}).get("name", "opvangpeil-toegang") in secrets
        for variable in one["env"]:
            named.add(variable["name"])
            if "valueFrom" in variable:
                key = variable["valueFrom"]["secretKeyRef"]
                assert key["key"] in secrets[key["name"]]["stringData"]
    assert named <= settings_of_the_program()


def test_no_secret_is_in_the_files() -> None:
    for secret in of_kind("Secret").values():
        for name, value in secret["stringData"].items():
            assert value == "" or ":WACHTWOORD@" in value, name
    applied = {
        document["kind"] for file in KUBERNETES if file.parent.name != "voorbeeld" for document in documents(file)
    }
    assert not {"Secret", "Pod"} & applied, "kubectl apply on the folder would put an empty form over what is there"


def test_the_place_to_give_commands_from_is_as_strict_as_the_rest() -> None:
    pod, job = of_kind("Pod")["beheer"], of_kind("Job")["migreer-0-1-0"]["spec"]["template"]
    one = pod["spec"]["containers"][0]
    assert pod["metadata"]["labels"] == job["metadata"]["labels"], "or the network policy shuts it off"
    assert one["securityContext"] == container(of_kind("Job")["migreer-0-1-0"])["securityContext"]
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert one["image"] == IMAGE
    assert "opvangpeil toegang maak" in (DEPLOY / "kubernetes" / "voorbeeld" / "beheer.yaml").read_text()


def test_one_process_at_a_time_watches_a_folder() -> None:
    watcher = of_kind("Deployment")[WATCHER]["spec"]
    assert (watcher["replicas"], watcher["strategy"]) == (1, {"type": "Recreate"})
    command = container(of_kind("Deployment")[WATCHER])["command"]
    assert (DEPLOY / "profielen" / f"{command[command.index('--profiel') + 1]}.toml").is_file()


def test_nothing_may_be_reached_but_what_is_named() -> None:
    policies = of_kind("NetworkPolicy")
    assert policies["niets"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert {"ingest", "processor", "alarms", "api", "migreer", "niets", "namen", WATCHER} == set(policies)
    for name in WORKLOADS.keys() - {"migreer-0-1-0"} | {"migreer"}:
        spec = policies[name]["spec"]
        assert spec["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": name}
        assert all(rule["from"] and rule["ports"] for rule in spec.get("ingress", ()))
        assert all(rule["to"] and rule["ports"] for rule in spec["egress"])
    from_outside = {name for name, policy in policies.items() if "ingress-nginx" in str(policy["spec"].get("ingress"))}
    assert from_outside == {one.owner for one in ADDRESSES if one.owner != "every"}


PAGES_TOO = tuple(page.address for page in PAGES)


def test_what_a_form_is_posted_to_shares_no_path_with_a_page_of_another_service():
    """A proxy may choose by path alone, as an Ingress does."""
    posted = {one.path: one.owner for one in ADDRESSES if one.method == "POST" and not one.path.startswith("/v1/")}
    pages = {one.path: one.owner for one in PAGES_TOO}
    assert [path for path, owner in posted.items() if pages.get(path, owner) != owner] == []


def test_an_ingress_sends_pages_and_their_forms_to_the_service_that_answers_them() -> None:
    (rule,) = of_kind("Ingress")["opvangpeil"]["spec"]["rules"]
    chosen = {one["path"]: one for one in rule["http"]["paths"]}
    assert all(one["backend"]["service"]["port"] == {"name": "http"} for one in chosen.values())

    def service(path: str) -> str:
        """The longest path that fits is used, as Kubernetes says."""
        fits = [
            one for own, one in chosen.items() if path == own or (one["pathType"] == "Prefix" and within(path, own))
        ]
        return str(max(fits, key=lambda one: len(one["path"]))["backend"]["service"]["name"])

    def within(path: str, own: str) -> bool:
        return path.startswith(f"{own.rstrip('/')}/")

    for one in (*ADDRESSES, *PAGES_TOO):
        if one.owner != "every" and not one.path.startswith("/v1/"):
            assert service(one.path.replace("{id}", "x").replace("{code}", "x")) == one.owner, one.path


def test_a_proxy_is_told_which_service_answers_where() -> None:
    lines = (DEPLOY / "README.md").read_text(encoding="utf-8").splitlines()
    for owner in ("ingest", "alarms"):
        own = [f"`{one.method} {one.path}`" for one in (*ADDRESSES, *PAGES_TOO) if one.owner == owner]
        assert f"| {owner} | {', '.join(own)} |" in lines, f"deploy/README.md: say what a proxy sends to {owner}"


def test_processors_grow_with_the_backlog_up_to_the_partitions() -> None:
    (scaler,) = of_kind("HorizontalPodAutoscaler").values()
    partitions = of_kind("ConfigMap")["opvangpeil"]["data"]["OPVANGPEIL_PARTITIES"]
    assert scaler["spec"]["scaleTargetRef"]["name"] == "processor"
    assert scaler["spec"]["maxReplicas"] == int(partitions)
    assert "replicas" not in of_kind("Deployment")["processor"]["spec"], "else each apply undoes the scaling"
    text = (DEPLOY / "kubernetes" / "40-schalen.yaml").read_text()
    assert "opvangpeil_verwerker_achterstand{" in text
    assert scaler["spec"]["metrics"][0]["external"]["metric"]["name"] in text.partition("apiVersion")[0]
    job = container(of_kind("Job")["migreer-0-1-0"])["command"]
    assert job[job.index("--partities") + 1] == partitions
