"""What a process of this service shares beyond the kit's runtime."""

from functools import cached_property
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.exchanges import Service
from eu_enrollment.applications.receipts import KeySetJson, ReceiptSigner, public_jwk
from eu_enrollment.applications.register import Register
from eu_enrollment.campaigns.model import Campaign
from eu_enrollment.settings import EnrollmentSettings
from eu_enrollment.verifications.sources import ByHand, Registries
from servicekit.clock import Clock
from servicekit.crypto import FieldCipher, FileCipher, parse_keys
from servicekit.rates import Rate, Rates
from servicekit.runtime import OUTBOX_CHANNEL, Runtime
from servicekit.storing import store_of


class EnrollmentRuntime(Runtime):
    """Adds the receipt key, the cipher of personal data in transit, campaigns already read (they never change), registries within reach."""

    settings: EnrollmentSettings

    def __init__(self, settings: EnrollmentSettings, *, process: str = "api", clock: Clock | None = None) -> None:
        super().__init__(Service.ENROLLMENT, settings, process=process, clock=clock)
        self.campaigns: dict[UUID, Campaign] = {}
        self.registries: Registries = ByHand()
        self.rates = Rates(Rate(settings.client_rate, settings.client_burst))
        self.files = FileCipher(parse_keys(settings.field_keys))
        if settings.files_url is not None:
            store_of(settings)  # wrong settings are told at the start
        if settings.receipt_key_file is not None:
            self.receipt_keys  # noqa: B018 - the same of wrong keys
        self.sessions.configure(info={"runtime": self})

    @cached_property
    def signer(self) -> ReceiptSigner:
        """Signs receipts; raises ``RuntimeError`` when no key is configured."""
        if self.settings.receipt_key_file is None:
            raise RuntimeError("ASU_RECEIPT_KEY_FILE is not set")
        return ReceiptSigner(self.settings.receipt_key_file.read_bytes())

    @cached_property
    def receipt_keys(self) -> KeySetJson:
        """Keys that receipts are checked by, the present one first.

        Raises ``ValueError`` for a file that is no key of receipts, ``OSError`` where the folder is not there: without its keys what was
        signed before could not be proven.
        """
        folder = self.settings.earlier_receipt_keys_dir
        files = [] if folder is None else sorted(path for path in folder.iterdir() if path.suffix == ".pem")
        earlier = [public_jwk(path.read_bytes()) for path in files]
        return {"keys": [self.signer.jwk, *(key for key in earlier if key != self.signer.jwk)]}

    @cached_property
    def register(self) -> Register:
        """Enters applications in the register; raises ``RuntimeError`` when no receipt key is configured."""
        return Register(self.autocommit, self.signer, lambda: self.notify(OUTBOX_CHANNEL))

    @cached_property
    def transport(self) -> FieldCipher:
        """Encrypts identity numbers on their way to the registry; raises ``RuntimeError`` when no key is configured."""
        if self.settings.transport_keys is None:
            raise RuntimeError("ASU_TRANSPORT_KEYS is not set")
        return FieldCipher(parse_keys(self.settings.transport_keys))


def runtime_of(session: AsyncSession) -> EnrollmentRuntime:
    """The runtime that a session was opened by."""
    runtime: EnrollmentRuntime = session.info["runtime"]
    return runtime


async def _get_runtime(request: Request) -> EnrollmentRuntime:
    runtime: EnrollmentRuntime = request.app.state.runtime
    return runtime


CurrentRuntime = Annotated[EnrollmentRuntime, Depends(_get_runtime)]
