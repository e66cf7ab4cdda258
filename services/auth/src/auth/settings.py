"""Settings of auth, beside those every service has."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from servicekit.settings import ServiceSettings

Network = IPv4Network | IPv6Network


class AuthSettings(ServiceSettings):
    """What auth alone needs.

    ``signing_key_file`` is a PEM private key, EC P-256; ``previous_key_file`` the one before it (private or public), whose
    tokens stay good until they end. ``trusted_proxies`` are the networks of the gateway, whose ``X-Forwarded-For`` is
    believed. Memory of a password hash is in KiB, times are in seconds where the name says nothing else.
    """

    signing_key_file: Path | None = None
    previous_key_file: Path | None = None
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

    access_token_seconds: int = Field(default=600, ge=30, le=600)
    session_idle_days: int = Field(default=14, ge=1, le=90)
    session_days: int = Field(default=60, ge=1, le=365)
    refresh_grace_seconds: int = Field(default=30, ge=0, le=120)
    slip_days: int = Field(default=30, ge=1, le=365)

    argon2_time_cost: int = Field(default=2, ge=1)
    argon2_memory: int = Field(default=19 * 1024, ge=8)
    argon2_threads: int = Field(default=2, ge=1, le=64)
    argon2_waiting: int = Field(default=64, ge=1)

    login_failures: int = Field(default=5, ge=1)
    login_failure_seconds: int = Field(default=60, ge=1)
    source_failures: int = Field(default=50, ge=1)
    source_failure_seconds: int = Field(default=5, ge=1)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
