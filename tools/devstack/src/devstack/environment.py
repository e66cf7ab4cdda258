"""The environment of each process: the names of docs/architecture.md, "Settings"."""

import os
from collections.abc import Mapping
from pathlib import Path

from asu_contracts.exchanges import Service
from devstack.credentials import Credentials
from devstack.databases import url_of
from devstack.services import ServiceSpec
from servicekit.migrations.provision import application, owner

VHOST = "asu"
_PASSED_ON = (
    *("ASU_LOG_LEVEL", "ASU_OTLP_ENDPOINT", "ASU_TIME_ZONE", "ASU_DATABASE_POOL"),
    *("ASU_SANDBOX", "ASU_WEBHOOK_PLAIN_HTTP", "ASU_WEBHOOK_PRIVATE_ADDRESSES"),
)


class Environments:
    """Makes environments from the instance's servers, ports and secrets."""

    def __init__(
        self, credentials: Credentials, files: Path, admin_url: str, broker: tuple[str, int], ports: Mapping[str, int]
    ) -> None:
        self._credentials = credentials
        self._files = files
        self._admin_url = admin_url
        self._broker = broker
        self._ports = ports

    def database_passwords(self, short: str) -> tuple[str, str]:
        """Passwords of the owner's and the application's role."""
        return self._credentials.password(owner(short)), self._credentials.password(application(short))

    def amqp_url(self, service: Service) -> str:
        """The service's own broker user."""
        host, port = self._broker
        return f"amqp://{service.value}:{self.broker_password(service)}@{host}:{port}/{VHOST}"

    def broker_password(self, service: Service) -> str:
        """Password of the service's broker user."""
        return self._credentials.password(f"{service.value}_amqp")

    def of(self, spec: ServiceSpec, role: str) -> dict[str, str]:
        """Environment of ``role``: ``api``, ``worker``, or ``migrate``, which alone knows the database's owner."""
        short = spec.short
        owner_password, application_password = self.database_passwords(short)
        url = url_of(self._admin_url, application(short), application_password, short)
        values = {
            "PYTHONUNBUFFERED": "1",
            "ASU_DATABASE_URL": url,
            "ASU_DATABASE_DIRECT_URL": url,
            "ASU_AMQP_URL": self.amqp_url(spec.service),
            "ASU_HTTP_HOST": "127.0.0.1",
            "ASU_HTTP_PORT": str(self._ports.get(spec.process(role), 0)),
            "ASU_JWKS_URL": f"http://127.0.0.1:{self._ports['auth-api']}/api/auth/v1/jwks",
            "ASU_TOKEN_ISSUER": "asu-so",
            "ASU_FIELD_KEYS": self._credentials.key(f"{short}-fields"),
            "ASU_HASH_KEY": self._credentials.key(f"{short}-hash"),
            "ASU_FILES_DIR": str(self._files / short),
        }
        if spec.service in {Service.CORE, Service.ENROLLMENT}:
            values["ASU_TRANSPORT_KEYS"] = self._credentials.key("transport")
        if spec.service is Service.AUTH:
            values["ASU_SIGNING_KEY_FILE"] = str(self._credentials.key_file("signing"))
        if spec.service is Service.ENROLLMENT:
            values["ASU_RECEIPT_KEY_FILE"] = str(self._credentials.key_file("receipt"))
        if spec.service is Service.CORE:
            values["ASU_PACKAGE_KEY_FILE"] = str(self._credentials.signer_file("package"))
        if role == "migrate":
            values["ASU_DATABASE_OWNER_URL"] = url_of(self._admin_url, owner(short), owner_password, short)
        return values | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
