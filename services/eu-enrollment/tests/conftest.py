from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from eu_enrollment.bootstrap import SERVICE
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest

from .factories import Town, group, organization


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE


@pytest.fixture(scope="session")
def receipt_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "receipt.pem"
    key = generate_private_key(SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture(scope="session")
def extra_settings(receipt_key: Path) -> dict[str, Path | bool]:
    return {"receipt_key_file": receipt_key, "sandbox": True}


@pytest.fixture
def town(service: ServiceUnderTest) -> Town:
    return Town(service)


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with places in an open campaign; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 5})
    return found.organization_id
