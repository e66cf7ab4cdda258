"""Packages of the contingent for outer receivers: nobody but the receiver reads them, differences, receipts, the log."""

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cryptography.exceptions import InternalError
from cryptography.hazmat.bindings._rust import test_support
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der

from asu_contracts.access import Role
from asu_contracts.core import OutwardExchangeRecorded
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.bootstrap import SERVICE
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.packages import service as packages

from .samples.packages import certificate, key, ordered, pem, receiver, receiving, signing_key
from .samples.study_forms import AT_HOME
from .world import FIRST_DAY, MUNICIPALITY, OTHER_MUNICIPALITY, Registry, row, snils, xlsx

DAY = str(FIRST_DAY)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def school(registry: Registry, *numbers: int, municipality: str = MUNICIPALITY) -> Any:
    organization_id = await registry.organization(municipality=municipality)
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(number) for number in numbers]))
    return organization_id


async def made(registry: Registry, receiver_id: str, **more: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A package and, as its receiver sees it, its files."""
    package = await ordered(registry, receiver_id, as_of=DAY, **more)
    run = await registry.run(package["run_id"], registry.region)
    assert run["status"] == "succeeded", run
    path = f"/packages/{package['id']}"
    sealed = (await registry.service.client.get(f"{path}/file", headers=registry.region)).content
    package = (await registry.service.client.get(path, headers=registry.region)).json()
    assert package["file_sha256"] == sha256(sealed).hexdigest()
    content = pkcs7_decrypt_der(sealed, certificate(), key(), [])
    assert package["content_sha256"] == sha256(content).hexdigest()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return package, {name: archive.read(name) for name in archive.namelist()}


def people(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["persons.ndjson"].splitlines()]


def test_what_is_given_away_needs_no_consent() -> None:
    transfer = CATALOGUE.transfers["contingent"]
    for kind, names in transfer.fields.items():
        assert set(names) <= CATALOGUE.cards[kind].fields.keys()
        assert not set(names) & CATALOGUE.cards[kind].on_consent
    assert {"snils", "document", "birth_date"} <= set(transfer.fields[CardKind.STUDENT])


async def test_only_the_receiver_reads_a_package(registry: Registry) -> None:
    await school(registry, 1, 2)
    of = await receiver(registry)
    package, files = await made(registry, of["id"])
    assert (package["persons"], package["added"], package["changed"], package["removed"]) == (2, 2, 0, 0)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["format"], manifest["version"], manifest["number"]) == ("asu-contingent", 1, 1)
    assert manifest["files"]["persons.ndjson"]["sha256"] == sha256(files["persons.ndjson"]).hexdigest()
    assert manifest["counts"] == {"persons": 2, "added": 2, "changed": 0, "removed": 0}
    digits = "".join(character for character in snils(1) if character.isdigit())
    first = next(one for one in people(files) if one["snils"] == digits)
    assert (first["last_name"], first["grade"], first["group"], first["change"]) == ("Образцов", 1, "1А", "added")
    assert first["birth_date"] == row(1)["Дата рождения"].isoformat()
    assert "health_group" not in first
    assert first["study_form"] == {"form": "full_time", "beside": []}
    assert set(CATALOGUE.transfers["contingent"].fields[CardKind.STUDENT]) <= first.keys()
    (stored,) = (registry.service.runtime.settings.files_dir / "packages").iterdir()
    sealed = (await registry.service.client.get(f"/packages/{package['id']}/file", headers=registry.region)).content
    for text in (digits.encode(), "Образцов".encode()):
        assert text not in sealed
        assert text not in stored.read_bytes()
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(ValueError, match=r"recipient|decrypt|failed"):
        pkcs7_decrypt_der(sealed, certificate(private=other), other, [])
    audited = await registry.value("SELECT cardinality(subjects) FROM audit WHERE action = 'package.contingent'")
    assert audited == 2


async def test_the_receiver_sees_that_a_package_is_ours_and_whole(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await school(registry, 1)
    of = await receiver(registry)
    package, files = await made(registry, of["id"])
    ours = certificate(private=signing_key())
    assert package["signer_fingerprint"] == sha256(ours.public_bytes(Encoding.DER)).hexdigest()

    def verify(signature: bytes, manifest: bytes, trusted: Any) -> None:
        test_support.pkcs7_verify(Encoding.DER, signature, manifest, [trusted], [pkcs7.PKCS7Options.Binary])

    signature, manifest = files["manifest.p7s"], files["manifest.json"]
    verify(signature, manifest, ours)
    for changed, trusted in ((manifest.replace(b'"persons": 1', b'"persons": 2'), ours), (manifest, certificate())):
        with pytest.raises(InternalError):
            verify(signature, changed, trusted)
    for unfit in (None, "missing.pem"):
        settings = registry.service.runtime.settings.model_copy(update={"package_key_file": unfit and Path(unfit)})
        monkeypatch.setattr(registry.service.runtime, "settings", settings)
        again = await ordered(registry, of["id"], as_of=DAY)
        run = await registry.run(again["run_id"], registry.region)
        assert (run["status"], run["problem"]["code"]) == ("failed", "packages.signature")


async def test_a_package_tells_the_differences_to_the_one_before(registry: Registry) -> None:
    organization_id = await school(registry, 1, 2, 3)
    of = await receiver(registry)
    first, files = await made(registry, of["id"])
    ids = {one["snils"]: one["id"] for one in people(files)}
    digits = {n: "".join(character for character in snils(n) if character.isdigit()) for n in (1, 2, 3, 4)}
    await registry.depart(organization_id, ids[digits[1]], DAY)
    changed = row(2, Фамилия="Иначев")
    at_home = {**AT_HOME, "valid_from": DAY}
    path = f"/students/{ids[digits[3]]}/study-forms"
    studied = await registry.service.client.post(path, json=at_home, headers=registry.office(organization_id))
    assert studied.status_code == 201, studied.text
    await registry.import_list(organization_id, xlsx([changed, row(4)]))
    path = f"/packages/{first['id']}/receipt"
    body = {
        "number": "К-1",
        "received_at": "2026-09-02T10:00:00+03:00",
        "accepted": 2,
        "rejected": [{"id": ids[digits[3]], "code": "E17", "title": "СНИЛС не найден в реестре"}],
    }
    answer = await registry.service.client.post(path, json=body, headers=registry.region)
    assert answer.json()["receipt"]["rejected"] == 1, answer.text
    second, files = await made(registry, of["id"])
    assert (second["number"], second["previous_id"]) == (2, first["id"])
    assert (second["persons"], second["added"], second["changed"], second["removed"]) == (3, 2, 1, 1)
    assert {one["snils"]: one["change"] for one in people(files)} == {
        digits[2]: "changed",
        digits[3]: "added",
        digits[4]: "added",
    }
    assert {one["snils"]: one["study_form"]["form"] for one in people(files)}[digits[3]] == "at_home"
    assert [json.loads(line) for line in files["removed.ndjson"].splitlines()] == [{"id": ids[digits[1]]}]
    rejected = await registry.service.client.get(f"/packages/{first['id']}/rejections", headers=registry.region)
    (line,) = rejected.json()["items"]
    assert (line["id"], line["organization_id"], line["code"]) == (ids[digits[3]], str(organization_id), "E17")
    third, _ = await made(registry, of["id"])
    assert (third["added"], third["changed"], third["removed"]) == (0, 0, 0)


async def test_receipts_that_do_not_fit(registry: Registry) -> None:
    await school(registry, 1, 2)
    of = await receiver(registry)
    package, files = await made(registry, of["id"])
    someone = people(files)[0]["id"]
    path = f"/packages/{package['id']}/receipt"
    good = {"number": "1", "received_at": "2026-09-02T10:00:00+03:00", "accepted": 2}
    wrong = [{"id": str(new_id()), "code": "E1", "title": "Нет"}]
    twice = [{"id": someone, "code": code, "title": "Нет"} for code in ("E1", "E2")]
    for body in (
        {**good, "accepted": 1},
        {**good, "accepted": 1, "rejected": wrong},
        {**good, "accepted": 0, "rejected": twice},
    ):
        answer = await registry.service.client.post(path, json=body, headers=registry.region)
        assert (answer.status_code, answer.json()["code"]) == (422, "packages.receipt")
    assert (await registry.service.client.post(path, json=good, headers=registry.region)).status_code == 201
    again = await registry.service.client.post(path, json=good, headers=registry.region)
    assert (again.status_code, again.json()["code"]) == (409, "packages.receipt-exists")
    actions = (await registry.service.client.get("/package-log", headers=registry.region)).json()["items"]
    assert [(one["action"], one["persons"]) for one in reversed(actions)] == [
        ("ordered", None),
        ("made", 2),
        ("downloaded", 2),
        ("receipt", 2),
    ]
    assert {one["receiver_id"] for one in actions} == {of["id"]}


async def test_scopes_and_xml(registry: Registry) -> None:
    first = await school(registry, 1)
    await school(registry, 2, municipality=OTHER_MUNICIPALITY)
    of = await receiver(registry, format="xml")
    whole, _ = await made(registry, of["id"])
    part, files = await made(registry, of["id"], municipality=MUNICIPALITY)
    one, _ = await made(registry, of["id"], organization_id=str(first))
    assert (whole["persons"], part["persons"], one["persons"]) == (2, 1, 1)
    assert (whole["number"], part["number"], one["number"]) == (1, 1, 1)
    persons = ET.fromstring(files["persons.xml"])
    (person,) = persons
    assert person.findtext("last_name") == "Образцов"
    assert person.findtext("document/number") == row(1)["Номер"]
    assert person.find("organization") is not None
    client = registry.service.client
    for body in ({"municipality": "99999999"}, {"municipality": MUNICIPALITY, "organization_id": str(first)}):
        answer = await client.post("/packages", json={"receiver_id": of["id"], **body}, headers=registry.region)
        assert answer.json()["code"] == "packages.scope"
    future = {"receiver_id": of["id"], "as_of": "2099-01-01"}
    assert (await client.post("/packages", json=future, headers=registry.region)).json()["code"] == "packages.future"


async def test_what_leaves_is_told_without_names(registry: Registry) -> None:
    await school(registry, 1, 2)
    of = await receiver(registry)
    package, _ = await made(registry, of["id"], municipality=MUNICIPALITY)
    (event,) = await registry.events("core.outward-exchange.recorded.v1")
    told = json.loads(event["payload"])
    assert told.pop("exchange_id") == event["subject"]
    assert told.pop("recorded_at")
    assert told == {
        "kind": "package",
        "title": "Пакет сведений о контингенте",
        "again": f"/api/core/v1/packages/{package['id']}/file",
        "format": package["format"],
        "receiver": of["name"],
        "basis": package["basis"],
        "organization_id": None,
        "municipality": MUNICIPALITY,
        "founder_id": None,
        "persons": 2,
        "sha256": package["file_sha256"],
        "size": package["file_size"],
        "role": "region_admin",
    }
    async with registry.service.runtime.sessions() as session:
        (kept,) = [one async for chunk in SERVICE.sources[OutwardExchangeRecorded](session) for one in chunk]
    assert kept.event.subject == event["subject"]


async def test_one_package_at_a_time(registry: Registry) -> None:
    of = await receiver(registry)
    await ordered(registry, of["id"])
    answer = await registry.service.client.post("/packages", json={"receiver_id": of["id"]}, headers=registry.region)
    assert (answer.status_code, answer.json()["code"]) == (409, "packages.in-work")


async def test_receivers_are_known_by_good_certificates(registry: Registry) -> None:
    client = registry.service.client
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    elliptic = certificate(private=signing_key())
    for bad in (pem(certificate(days=-1)), pem(certificate(private=weak)), pem(elliptic), "x" * 200):
        answer = await client.post("/package-receivers", json=receiving(certificate=bad), headers=registry.region)
        assert (answer.status_code, answer.json()["code"]) == (422, "packages.certificate")
    of = await receiver(registry)
    twin = await client.post("/package-receivers", json=receiving(name=of["name"]), headers=registry.region)
    assert twin.json()["code"] == "packages.receiver-exists"
    closed = await client.patch(
        f"/package-receivers/{of['id']}",
        json={"reason": "Соглашение расторгнуто", "active": False},
        headers={**registry.region, "If-Match": '"1"'},
    )
    assert (closed.status_code, closed.json()["active"]) == (200, False)
    answer = await client.post("/packages", json={"receiver_id": of["id"]}, headers=registry.region)
    assert answer.json()["code"] == "packages.receiver-unfit"
    operator = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    assert (await client.get("/packages", headers=operator)).status_code == 403


async def test_files_of_packages_live_their_time(registry: Registry) -> None:
    of = await receiver(registry)
    package, _ = await made(registry, of["id"])
    await registry.fetch("UPDATE contingent_package SET ready_at = ready_at - interval '31 days' RETURNING id")
    await packages.sweep_packages(registry.service.runtime)
    answer = await registry.service.client.get(f"/packages/{package['id']}/file", headers=registry.region)
    assert answer.json()["code"] == "packages.not-ready"
    assert list((registry.service.runtime.settings.files_dir / "packages").iterdir()) == []
