"""Renders every base and overlay, validates it against Kubernetes' schemas and against the house rules.

``python -m deploy.k8s.check``. A house rule is a function from all manifests of a rendering to complaints.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import kubernetes_validate
import yaml

from deploy.k8s.render import HERE, render

Manifest = dict[str, Any]
Rule = Callable[[list[Manifest]], Iterator[str]]

KUBERNETES = "1.30"
"""The oldest version the manifests are written for."""
SHORTEST_GRACE = 30
"""Seconds: a process drains for 25, and withdrawing its endpoint takes some."""


def name_of(manifest: Manifest) -> str:
    """``Kind/name``, as complaints show it."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def pods(manifests: list[Manifest]) -> Iterator[tuple[Manifest, Manifest]]:
    """Each workload with its pod's spec."""
    for manifest in manifests:
        if manifest["kind"] in {"Deployment", "Job", "StatefulSet", "DaemonSet"}:
            yield manifest, manifest["spec"]["template"]["spec"]


def containers(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest, Manifest]]:
    """Each container with the name of its place and its pod's spec, init containers included."""
    for workload, pod in pods(manifests):
        for container in [*pod.get("initContainers", ()), *pod["containers"]]:
            yield f"{name_of(workload)} {container['name']}", container, pod


def limits(manifests: list[Manifest]) -> Iterator[str]:
    """Every container says what it asks for and what it may take."""
    for place, container, _ in containers(manifests):
        resources = container.get("resources", {})
        for part in ("requests", "limits"):
            for resource in ("cpu", "memory"):
                if resource not in resources.get(part, {}):
                    yield f"{place}: no {part}.{resource}"


def probes(manifests: list[Manifest]) -> Iterator[str]:
    """Every long-running container is asked whether it lives (``/livez``) and whether it is ready (``/readyz``)."""
    for workload, pod in pods(manifests):
        if workload["kind"] == "Job":
            continue
        for container in pod["containers"]:
            for probe, path in (("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
                if container.get(probe, {}).get("httpGet", {}).get("path") != path:
                    yield f"{name_of(workload)} {container['name']}: no {probe} of {path}"


def not_root(manifests: list[Manifest]) -> Iterator[str]:
    """No container runs as root, gains privileges or keeps a capability."""
    for place, container, pod in containers(manifests):
        security = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
        if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
            yield f"{place}: may run as root"
        if security.get("allowPrivilegeEscalation") is not False or security.get("privileged"):
            yield f"{place}: may gain privileges"
        if "ALL" not in security.get("capabilities", {}).get("drop", ()) or security["capabilities"].get("add"):
            yield f"{place}: keeps capabilities"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{place}: no seccomp profile"


def read_only_root(manifests: list[Manifest]) -> Iterator[str]:
    """No container can write to its own image."""
    for place, container, _ in containers(manifests):
        if container.get("securityContext", {}).get("readOnlyRootFilesystem") is not True:
            yield f"{place}: its root file system can be written"


def pinned_image(manifests: list[Manifest]) -> Iterator[str]:
    """Every image names a version or a digest, never ``latest``."""
    for place, container, _ in containers(manifests):
        image = container["image"]
        tag = re.search(r":([\w.-]+)$", image.rsplit("/", 1)[-1])
        if "@sha256:" not in image and (tag is None or tag[1] == "latest"):
            yield f"{place}: the image {image} is not pinned"


def budget(manifests: list[Manifest]) -> Iterator[str]:
    """Every Deployment has one disruption budget, and every budget a Deployment."""
    selectors = [m["spec"]["selector"]["matchLabels"] for m in manifests if m["kind"] == "PodDisruptionBudget"]
    for manifest in manifests:
        if manifest["kind"] != "Deployment":
            continue
        labels = manifest["spec"]["template"]["metadata"]["labels"]
        matching = [selector for selector in selectors if selector.items() <= labels.items()]
        if len(matching) != 1:
            yield f"{name_of(manifest)}: {len(matching)} disruption budgets"
        if matching and matching[0] != manifest["spec"]["selector"]["matchLabels"]:
            yield f"{name_of(manifest)}: its disruption budget selects other pods too"


def own_account(manifests: list[Manifest]) -> Iterator[str]:
    """Every service runs under an account of its own, whose token no pod gets."""
    declared = {m["metadata"]["name"] for m in manifests if m["kind"] == "ServiceAccount"}
    owners: dict[str, str] = {}
    for workload, pod in pods(manifests):
        account = pod.get("serviceAccountName")
        service = workload["metadata"].get("labels", {}).get("app.kubernetes.io/name", "")
        if account is None or account not in declared:
            yield f"{name_of(workload)}: the account {account} is not declared"
        elif owners.setdefault(account, service) != service:
            yield f"{name_of(workload)}: shares the account {account} with {owners[account]}"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{name_of(workload)}: gets a token it does not need"


def grace(manifests: list[Manifest]) -> Iterator[str]:
    """A process has time to finish the work in hand."""
    for workload, pod in pods(manifests):
        if pod.get("terminationGracePeriodSeconds", 0) < SHORTEST_GRACE:
            yield f"{name_of(workload)}: less than {SHORTEST_GRACE} s to stop"


def settings_apply(manifests: list[Manifest]) -> Iterator[str]:
    """No container's ``env`` hides a setting that its ConfigMap gives: an overlay's change would never arrive."""
    given = {m["metadata"]["name"]: m["data"].keys() for m in manifests if m["kind"] == "ConfigMap"}
    for place, container, _ in containers(manifests):
        own = {item["name"] for item in container.get("env", ())}
        for source in container.get("envFrom", ()):
            hidden = own & set(given.get(source.get("configMapRef", {}).get("name", ""), ()))
            yield from (f"{place}: env hides {name} of the ConfigMap" for name in sorted(hidden))


RULES: tuple[Rule, ...] = (
    limits,
    probes,
    not_root,
    read_only_root,
    pinned_image,
    budget,
    own_account,
    grace,
    settings_apply,
)


def invalid(manifests: list[Manifest]) -> Iterator[str]:
    """What the schemas of the Kubernetes version say, unknown fields included."""
    for manifest in manifests:
        try:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{name_of(manifest)}: {error.message}"


def complaints(manifests: list[Manifest]) -> list[str]:
    """All that is wrong with a rendering."""
    return [line for rule in (invalid, *RULES) for line in rule(manifests)]


def load(text: str) -> list[Manifest]:
    """Manifests of a rendering."""
    return [manifest for manifest in yaml.safe_load_all(text) if manifest]


def main() -> int:
    """Check every base and overlay; the exit code is 1 when one complains."""
    failed = False
    for folder in sorted(path.parent for path in HERE.glob("*/*/kustomization.yaml") if path.parts[-3] != "components"):
        for line in complaints(load(render(folder))):
            failed = True
            print(f"{folder.relative_to(HERE)}: {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
