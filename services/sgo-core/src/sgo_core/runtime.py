"""What a process of this service shares beyond the kit's runtime: vault and clock, carried by every session."""

from pathlib import Path

from asu_contracts.exchanges import Service
from servicekit.clock import Clock
from servicekit.crypto import FieldCipher, FileCipher, parse_keys
from servicekit.runtime import Runtime
from servicekit.settings import ServiceSettings
from servicekit.storing import store_of
from sgo_core.vault import Vault


class CoreSettings(ServiceSettings):
    """``package_key_file``: PEM, the private key (EC or RSA) packages are signed with and its certificate; the worker needs it."""

    package_key_file: Path | None = None


class CoreRuntime(Runtime):
    """Runtime of sgo-core."""

    def __init__(self, settings: CoreSettings, *, process: str = "api", clock: Clock | None = None) -> None:
        super().__init__(Service.CORE, settings, process=process, clock=clock)
        keys = settings.transport_keys
        transport = None if keys is None else FieldCipher(parse_keys(keys))
        if settings.files_url is not None:
            store_of(settings)  # wrong settings are told at the start
        files = FileCipher(parse_keys(settings.field_keys))
        self.sessions.configure(info={**Vault(self.cipher, files, self.hasher, transport).info, "clock": self.clock})
