"""Addresses, slips, signing keys: no server needed."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey
from starlette.requests import Request

from asu_contracts.access import Role, Unit, UnitKind
from auth.addresses import source_address
from auth.passwords import check_policy, make_slip_password
from auth.settings import AuthSettings
from auth.signing import OwnVerifier, SigningKeys, Subject, TokenIssuer, restricted_issuer
from servicekit.clock import Clock
from servicekit.errors import UnauthenticatedError
from servicekit.ids import new_id
from servicekit.security import TokenVerifier

TRUSTED = tuple(ip_network(text) for text in ("127.0.0.0/8", "10.0.0.0/8", "::1/128"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["192.0.2.1, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["192.0.2.1, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", ["192.0.2.1", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["not an address"], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.1, , 10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        (None, ["198.51.100.1"], "unknown"),
    ],
)
def test_source_address(peer: str | None, forwarded: list[str], expected: str) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "headers": headers, "client": (peer, 1) if peer else None}
    assert source_address(Request(scope), TRUSTED) == expected


def test_trusted_networks_come_as_a_list() -> None:
    values = {
        "database_url": "postgresql://localhost/x",
        "amqp_url": "amqp://localhost/x",
        "field_keys": "k:x",
        "hash_key": "k:x",
    }
    settings = AuthSettings.model_validate(values | {"trusted_proxies": "10.0.0.0/8, ::1/128"})
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert AuthSettings.model_validate(values | {"trusted_proxies": ""}).trusted_proxies == ()


def test_slips_are_readable_different_and_good_passwords() -> None:
    slips = {make_slip_password() for _ in range(1000)}
    assert len(slips) == 1000
    for slip in slips:
        assert len(slip) == 17
        assert not set(slip) & set("01ilo")
        check_policy(slip, "some-login")


def pem(key: ECKey | RSAKey, file: Path, *, private: bool = True) -> Path:
    file.write_bytes(key.as_pem(private=private))
    return file


def test_only_a_private_p256_key_signs(tmp_path: Path) -> None:
    good = ECKey.generate_key("P-256")
    bad = [
        pem(ECKey.generate_key("P-384"), tmp_path / "p384"),
        pem(RSAKey.generate_key(2048), tmp_path / "rsa"),
        pem(good, tmp_path / "public", private=False),
    ]
    (tmp_path / "text").write_text("not a key")
    for file in [*bad, tmp_path / "text"]:
        with pytest.raises(ValueError, match="key"):
            SigningKeys.load(file, None)


async def test_keys_rotate_without_a_stop(tmp_path: Path) -> None:
    old, new = (pem(ECKey.generate_key("P-256"), tmp_path / name) for name in ("old", "new"))
    subject = Subject(new_id(), Role.REGION_ADMIN, Unit(kind=UnitKind.REGION))
    before, during, after = (SigningKeys.load(*pair) for pair in ((old, None), (new, old), (new, None)))
    token = issuer(before).issue(subject, Clock().now())
    assert len(during.jwks()["keys"]) == 2
    assert (await OwnVerifier("asu-so", during.public).verify(token)).account_id == str(subject.id)
    with pytest.raises(UnauthenticatedError):
        await OwnVerifier("asu-so", after.public).verify(token)


async def test_a_restricted_token_is_nothing_to_another_service(tmp_path: Path) -> None:
    keys = SigningKeys.load(pem(ECKey.generate_key("P-256"), tmp_path / "key"), None)
    subject = Subject(new_id(), Role.TEACHER, Unit(kind=UnitKind.REGION), restricted=True)
    token = issuer(keys).issue(subject, Clock().now())
    assert (await OwnVerifier("asu-so", keys.public).verify(token)).role is Role.TEACHER
    with pytest.raises(UnauthenticatedError):
        await TokenVerifier("asu-so", "", keys.public).verify(token)
    assert restricted_issuer("asu-so") != "asu-so"


def issuer(keys: SigningKeys) -> TokenIssuer:
    return TokenIssuer(keys, "asu-so", timedelta(seconds=600))
