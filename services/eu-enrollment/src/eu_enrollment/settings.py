"""Settings of the service."""

from pathlib import Path

from pydantic import Field

from servicekit.settings import ServiceSettings


class EnrollmentSettings(ServiceSettings):
    """``receipt_key_file``: PEM, EC P-256, the key receipts are signed with; needed to accept applications.

    ``draft_days``: how long drafts are kept after their campaign has closed. ``webhook_plain_http``,
    ``webhook_private_addresses``: notices may go to http, to addresses of private networks (a portal in the same network;
    development). ``webhook_failing_days``: an address that takes nothing so long is sent nothing more.
    """

    receipt_key_file: Path | None = None
    draft_days: int = Field(default=30, ge=1)
    webhook_plain_http: bool = False
    webhook_private_addresses: bool = False
    webhook_failing_days: int = Field(default=5, ge=1)
