"""nginx in front of the services, rendered from the one template that the cluster uses too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.osuser import make_folder, run_as, write_file
from devstack.supervision import Program

_VARIABLE = re.compile(r"\$\{([A-Z_]+)\}")

DEFAULTS = {
    "GATEWAY_ACCESS_LOG": "/dev/stdout",
    "GATEWAY_TRUSTED_PROXIES": "unix:",
    "GATEWAY_BODY_LIMIT": "12m",
    "GATEWAY_RATE": "1000",
    "GATEWAY_BURST": "2000",
    "GATEWAY_SIGNIN_RATE": "50",
    "GATEWAY_SIGNIN_BURST": "200",
    "GATEWAY_CONNECTIONS": "500",
    "GATEWAY_READ_TIMEOUT": "35s",
}
"""Generous: one machine plays a whole municipality. ``ASU_<name>`` overrides each."""


def render(template: str, values: Mapping[str, str]) -> str:
    """Substitute ``${UPPER_CASE}``; nginx's own variables are lower case and stay. A missing value is an error."""

    def value(match: "re.Match[str]") -> str:
        try:
            return values[match[1]]
        except KeyError:
            raise StackError(f"Не задано значение {match[1]} для шаблона шлюза") from None

    return _VARIABLE.sub(value, template)


@dataclass(frozen=True)
class Tls:
    """Certificate chain and key, PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Gateway:
    """The gateway of one instance. It runs as the caller: no port or file of it needs another user."""

    nginx: Path
    template: Path
    home: Path
    port: int
    upstreams: Mapping[str, int]
    settings: Mapping[str, str]
    tls: Tls | None = None

    @property
    def url(self) -> str:
        """Where clients come to."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def program(self) -> Program:
        """One process: a killed master would leave workers that keep the port."""
        return Program("gateway", (*self._command, "-g", "daemon off; master_process off;"), self.home, order=200)

    @property
    def _command(self) -> tuple[str, ...]:
        return (str(self.nginx), "-e", "stderr", "-p", str(self.home), "-c", str(self.home / "nginx.conf"))

    def prepare(self) -> None:
        """Write the configuration and let nginx check it."""
        make_folder(self.home)
        values = {
            **DEFAULTS,
            **self.settings,
            "GATEWAY_RUN_DIR": str(self.home),
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}{' ssl' if self.tls else ''} default_server",
            "GATEWAY_TLS": self._tls(),
            **{f"{short.upper()}_UPSTREAM": f"127.0.0.1:{port}" for short, port in self.upstreams.items()},
        }
        write_file(self.home / "nginx.conf", render(self.template.read_text("utf-8"), values))
        checked = run_as(None, [*self._command, "-t", "-q"])
        if checked.returncode != 0:
            raise StackError(f"nginx не принимает настройки шлюза: {checked.stderr.strip()[-500:]}")

    def _tls(self) -> str:
        if self.tls is None:
            return ""
        return (
            f"ssl_certificate {self.tls.certificate}; ssl_certificate_key {self.tls.key}; "
            "ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tls:5m; ssl_session_tickets off;"
        )
