"""Settings of the service."""

from pathlib import Path

from pydantic import Field

from servicekit.settings import ServiceSettings


class EnrollmentSettings(ServiceSettings):
    """``receipt_key_file``: PEM, EC P-256, the key receipts are signed with; needed to accept applications.

    ``draft_days``: how long drafts are kept after their campaign has closed.
    """

    receipt_key_file: Path | None = None
    draft_days: int = Field(default=30, ge=1)
