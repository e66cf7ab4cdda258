"""Settings of the service."""

from pathlib import Path

from servicekit.settings import ServiceSettings


class EnrollmentSettings(ServiceSettings):
    """``receipt_key_file``: PEM, EC P-256, the key receipts are signed with; needed to accept applications."""

    receipt_key_file: Path | None = None
