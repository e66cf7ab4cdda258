"""Every house rule of the manifests can fail, and the rendering works without kubectl."""

import copy
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from deploy.k8s import check, render
from tools import documents

Change = Callable[[dict[str, dict[str, Any]]], object]


@pytest.fixture(scope="module")
def core() -> list[check.Manifest]:
    return check.load(render.render(render.HERE / "base" / "sgo-core"))


def _pod(manifests: dict[str, dict[str, Any]], name: str = "Deployment/core-api") -> Any:
    return manifests[name]["spec"]["template"]["spec"]


def _container(manifests: dict[str, dict[str, Any]]) -> Any:
    return _pod(manifests)["containers"][0]


def test_the_base_is_whole(core: list[check.Manifest]) -> None:
    assert check.complaints(core) == []
    assert sorted(check.name_of(manifest) for manifest in core if manifest["kind"] != "ConfigMap") == [
        "Deployment/core-api",
        "Deployment/core-worker",
        "Job/core-migrate",
        "PodDisruptionBudget/core-api",
        "PodDisruptionBudget/core-worker",
        "Service/core-api",
        "ServiceAccount/core-runtime",
    ]


CASES: list[tuple[check.Rule, Change, str]] = [
    (check.limits, lambda m: _container(m)["resources"].pop("limits"), "no limits.cpu"),
    (check.limits, lambda m: _container(m)["resources"]["requests"].pop("memory"), "no requests.memory"),
    (check.probes, lambda m: _container(m).pop("livenessProbe"), "no livenessProbe of /livez"),
    (check.probes, lambda m: _container(m)["readinessProbe"]["httpGet"].update(path="/"), "no readinessProbe"),
    (check.not_root, lambda m: _pod(m)["securityContext"].pop("runAsNonRoot"), "may run as root"),
    (check.not_root, lambda m: _container(m)["securityContext"].update(runAsUser=0), "may run as root"),
    (check.not_root, lambda m: _container(m)["securityContext"].update(privileged=True), "may gain privileges"),
    (check.not_root, lambda m: _container(m)["securityContext"].pop("capabilities"), "keeps capabilities"),
    (check.not_root, lambda m: _pod(m)["securityContext"].pop("seccompProfile"), "no seccomp profile"),
    (
        check.read_only_root,
        lambda m: _container(m)["securityContext"].update(readOnlyRootFilesystem=False),
        "can be written",
    ),
    (check.pinned_image, lambda m: _container(m).update(image="asu-so/sgo-core"), "is not pinned"),
    (check.pinned_image, lambda m: _container(m).update(image="mirror:5000/asu:latest"), "is not pinned"),
    (check.pinned_image, lambda m: _container(m).update(image="mirror:5000/asu"), "is not pinned"),
    (check.budget, lambda m: m.pop("PodDisruptionBudget/core-api"), "0 disruption budgets"),
    (
        check.budget,
        lambda m: m["PodDisruptionBudget/core-api"]["spec"]["selector"]["matchLabels"].pop(
            "app.kubernetes.io/component"
        ),
        "2 disruption budgets",
    ),
    (check.own_account, lambda m: _pod(m).pop("serviceAccountName"), "is not declared"),
    (check.own_account, lambda m: m.pop("ServiceAccount/core-runtime"), "is not declared"),
    (
        check.own_account,
        lambda m: m["Deployment/core-worker"]["metadata"]["labels"].update({"app.kubernetes.io/name": "auth"}),
        "shares the account",
    ),
    (check.own_account, lambda m: _pod(m).pop("automountServiceAccountToken"), "a token it does not need"),
    (check.grace, lambda m: _pod(m).update(terminationGracePeriodSeconds=5), "to stop"),
    (
        check.settings_apply,
        lambda m: _container(m)["env"].append({"name": "ASU_LOG_LEVEL", "value": "DEBUG"}),
        "env hides ASU_LOG_LEVEL",
    ),
    (check.invalid, lambda m: _pod(m).update(replicas=2), "Deployment/core-api"),
]


@pytest.mark.parametrize(("rule", "change", "complaint"), CASES)
def test_a_rule_can_fail(core: list[check.Manifest], rule: check.Rule, change: Change, complaint: str) -> None:
    manifests = {check.name_of(manifest): manifest for manifest in copy.deepcopy(core)}
    assert list(rule(list(manifests.values()))) == []
    change(manifests)
    found = list(rule(list(manifests.values())))
    assert found
    assert any(complaint in line for line in found)


def test_every_rule_is_tested() -> None:
    assert {rule for rule, _, _ in CASES} == {check.invalid, *check.RULES}


def test_files_of_core_lie_where_both_its_processes_reach_them(core: list[check.Manifest]) -> None:
    (settings,) = (one for one in core if one["kind"] == "ConfigMap")
    assert settings["data"]["ASU_FILES_URL"].startswith("s3://")
    manifests = {check.name_of(manifest): manifest for manifest in core}
    for name in ("Deployment/core-api", "Deployment/core-worker"):
        assert {"configMapRef": {"name": settings["metadata"]["name"]}} in _pod(manifests, name)["containers"][0][
            "envFrom"
        ]
        (options,) = (
            one for one in _pod(manifests, name)["containers"][0]["env"] if one["name"] == "ASU_FILES_OPTIONS"
        )
        assert options["valueFrom"]["secretKeyRef"]["name"] == "core-files"


def test_every_setting_that_is_given_exists() -> None:
    manifests = check.load(render.render(render.HERE / "overlays" / "dev"))
    for service in documents.definitions().values():
        name = service.service.value
        own = [m for m in manifests if m["metadata"].get("labels", {}).get("app.kubernetes.io/name") == name]
        given = {key for manifest in own if manifest["kind"] == "ConfigMap" for key in manifest["data"]}
        given |= {item["name"] for _, container, _ in check.containers(own) for item in container.get("env", ())}
        assert given
        assert {key.removeprefix("ASU_").lower() for key in given} <= set(service.settings.model_fields)


def test_only_the_gateways_network_is_believed() -> None:
    manifests = check.load(render.render(render.HERE / "overlays" / "dev"))
    given = [manifest["data"] for manifest in manifests if manifest["kind"] == "ConfigMap"]
    (believed,) = {data["ASU_TRUSTED_PROXIES"] for data in given if "ASU_TRUSTED_PROXIES" in data}
    assert ip_network(believed).prefixlen >= 24


@pytest.mark.parametrize(("text", "version"), [("v1.32.4-dispatcher", (1, 32)), ("v1.20.2", (1, 20)), ("", (0, 0))])
def test_the_version_of_kubectl_is_read(tmp_path: Path, text: str, version: tuple[int, int]) -> None:
    kubectl = tmp_path / "kubectl"
    kubectl.write_text(f'#!/bin/sh\necho \'{{"clientVersion": {{"gitVersion": "{text}"}}}}\'\n', encoding="utf-8")
    kubectl.chmod(0o755)
    assert render.kubectl_version(str(kubectl)) == version


def test_a_changed_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(folder: Path) -> str:
        (folder / "package.tgz").write_bytes(b"something else")
        return "package.tgz"

    monkeypatch.setattr(render, "_pack", pack)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    with pytest.raises(render.RenderError, match="not what it should be"):
        render.kustomize(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_kustomization_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [nowhere.yaml]\n", encoding="utf-8")
    with pytest.raises(render.RenderError, match="nowhere"):
        render.render(tmp_path)
