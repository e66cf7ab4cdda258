"""Settings of the service."""

from pathlib import Path

from pydantic import Field

from servicekit.settings import ServiceSettings


class EnrollmentSettings(ServiceSettings):
    """``receipt_key_file``: PEM, EC P-256, the key receipts are signed with; needed to accept applications.

    ``earlier_receipt_keys_dir``: a folder of the keys before it (PEM, public or private, ``*.pem``), published beside it, so that whoever
    was given a receipt under one of them can still check it.
    ``draft_days``: how long drafts are kept after their campaign has closed. ``webhook_plain_http``,
    ``webhook_private_addresses``: notices may go to http, to addresses of private networks (a portal in the same network;
    development). ``webhook_failing_days``: an address that takes nothing so long is sent nothing more.
    ``sandbox``: portals open test campaigns and play the authority's part in them; for an installation of its own, without
    real data.
    ``client_rate``, ``client_burst``: requests of a machine client a second and at once, in each process; acceptance is not counted.
    """

    receipt_key_file: Path | None = None
    earlier_receipt_keys_dir: Path | None = None
    draft_days: int = Field(default=30, ge=1)
    webhook_plain_http: bool = False
    webhook_private_addresses: bool = False
    webhook_failing_days: int = Field(default=5, ge=1)
    sandbox: bool = False
    client_rate: float = Field(default=100, gt=0)
    client_burst: int = Field(default=1000, ge=1)
