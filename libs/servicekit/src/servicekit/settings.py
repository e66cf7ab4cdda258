"""Settings of a process, read from ``ASU_*`` variables. Other variables (PG*, DATABASE_URL) are never read."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What every service needs; a service adds its own by subclassing."""

    model_config = SettingsConfigDict(env_prefix="ASU_", extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr
    database_direct_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    database_pool: int = Field(default=10, ge=1)
    amqp_url: SecretStr
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    jwks_url: str = ""
    token_issuer: str = "asu-so"  # noqa: S105 - a name, not a secret
    time_zone: str = "Europe/Moscow"
    otlp_endpoint: str | None = None
    log_level: str = "INFO"
    field_keys: SecretStr
    transport_keys: SecretStr | None = None
    hash_key: SecretStr
    files_dir: Path = Path(".local/files")
    files_url: str | None = None
    files_options: SecretStr | None = None
    body_limit: int = Field(default=12 * 1024 * 1024, ge=1024)

    @property
    def direct_url(self) -> SecretStr:
        """Database address that keeps a session: LISTEN and advisory locks need one."""
        return self.database_direct_url or self.database_url
