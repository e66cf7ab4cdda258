from pathlib import Path

import pytest

from servicekit.service import ServiceDefinition
from sgo_core.bootstrap import SERVICE

from .samples.packages import signer_pem


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE


@pytest.fixture(scope="session")
def extra_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    path = tmp_path_factory.mktemp("keys") / "package.pem"
    path.write_bytes(signer_pem())
    return {"package_key_file": path}
