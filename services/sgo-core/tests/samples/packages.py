"""Sample calls of the routes of packages."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry
from .registry import place_student, plain

_numbers = iter(range(1, 1_000_000))
_ADMIN = Role.REGION_ADMIN
_DAY = "2026-09-01"


@cache
def key() -> rsa.RSAPrivateKey:
    """The receiver's private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def signing_key() -> ec.EllipticCurvePrivateKey:
    """The private key that we sign with."""
    return ec.generate_private_key(ec.SECP256R1())


def signer_pem() -> bytes:
    """What we sign with, as the settings name it: the key and its certificate."""
    key_pem = signing_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key_pem + certificate(private=signing_key()).public_bytes(Encoding.PEM)


@cache
def certificate(
    days: int = 365, private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None
) -> x509.Certificate:
    """A certificate of the receiver, or of the holder of another key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Receiver")])
    now = datetime.now(UTC)
    mine = private or key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(mine.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .sign(mine, hashes.SHA256())
    )


def pem(found: x509.Certificate) -> str:
    return found.public_bytes(Encoding.PEM).decode()


def receiving(**more: Any) -> dict[str, Any]:
    """A receiver to enter."""
    number = next(_numbers)
    return {
        "name": f"Федеральная система {number}",
        "basis": "Соглашение об информационном взаимодействии № 1",
        "certificate": pem(certificate()),
        **more,
    }


async def receiver(registry: Registry, **more: Any) -> dict[str, Any]:
    answer = await registry.service.client.post("/package-receivers", json=receiving(**more), headers=registry.region)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def ordered(registry: Registry, receiver_id: str, **more: Any) -> dict[str, Any]:
    body = {"receiver_id": receiver_id, **more}
    answer = await registry.service.client.post("/packages", json=body, headers=registry.region)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def register_package_receiver(_world: World, _place: Place) -> Call:
    return Call("/package-receivers", {"json": receiving()})


async def edit_package_receiver(world: World, _place: Place) -> Call:
    made = await receiver(Registry(world.service))
    body = {"reason": "Новое соглашение", "basis": "Соглашение № 2"}
    return Call(f"/package-receivers/{made['id']}", {"json": body, "headers": {"If-Match": '"1"'}})


async def order_package(world: World, _place: Place) -> Call:
    made = await receiver(Registry(world.service))
    return Call("/packages", {"json": {"receiver_id": made["id"], "municipality": "03701000"}})


async def place_package(world: World, place: Place) -> tuple[Registry, dict[str, Any]]:
    """A package that was made, of the organization of a place with one student."""
    registry, _ = await place_student(world, place)
    registry.region = world.service.tokens.headers(_ADMIN)
    of = await receiver(registry)
    made = await ordered(registry, of["id"], organization_id=str(place.organization_id), as_of=_DAY)
    await registry.run(made["run_id"], registry.region)
    return registry, made


def of_package(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        _, made = await place_package(world, place)
        return Call(f"/packages/{made['id']}{suffix}")

    return make


async def list_packages(world: World, place: Place) -> Listed:
    _, made = await place_package(world, place)
    return Listed(Call("/packages"), made["id"])


async def record_package_receipt(world: World, place: Place) -> Call:
    registry, made = await place_package(world, place)
    package = (await registry.service.client.get(f"/packages/{made['id']}", headers=registry.region)).json()
    body = {"number": "1", "received_at": "2026-09-02T10:00:00+03:00", "accepted": package["persons"]}
    return Call(f"/packages/{made['id']}/receipt", {"json": body})


async def list_package_rejections(world: World, place: Place) -> Listed:
    registry, made = await place_package(world, place)
    student = await registry.value("SELECT student_id FROM package_person WHERE package_id = $1", made["id"])
    persons = await registry.value("SELECT persons FROM contingent_package WHERE id = $1", made["id"])
    body = {
        "number": "1",
        "received_at": "2026-09-02T10:00:00+03:00",
        "accepted": persons - 1,
        "rejected": [{"id": str(student), "code": "E1", "title": "Не найден"}],
    }
    path = f"/packages/{made['id']}"
    answer = await registry.service.client.post(f"{path}/receipt", json=body, headers=registry.region)
    assert answer.status_code == 201, answer.text
    return Listed(Call(f"{path}/rejections"), student)


async def list_package_log(world: World, place: Place) -> Listed:
    registry, made = await place_package(world, place)
    line = await registry.value("SELECT id FROM package_log WHERE package_id = $1 AND action = 'made'", made["id"])
    return Listed(Call("/package-log"), line)


SAMPLES: dict[str, Sample | Listing] = {
    "list_package_receivers": plain("/package-receivers"),
    "register_package_receiver": Sample(register_package_receiver, scoped=False),
    "edit_package_receiver": Sample(edit_package_receiver, scoped=False),
    "order_package": Sample(order_package, scoped=False),
    "list_packages": Listing(list_packages),
    "get_package": Sample(of_package()),
    "get_package_file": Sample(of_package("/file")),
    "record_package_receipt": Sample(record_package_receipt),
    "list_package_rejections": Listing(list_package_rejections),
    "list_package_log": Listing(list_package_log),
}
