"""Servers that the user gave by address. They are used, never started, stopped or removed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx

from devstack.errors import StackError
from devstack.osuser import write_file
from devstack.supervision import Program


@dataclass(frozen=True)
class ExternalPostgres:
    """A PostgreSQL by the address of a role that may create databases and extensions."""

    admin_url: str
    programs: tuple[Program, ...] = ()

    @property
    def source(self) -> str:
        """Where the server comes from, for the status."""
        return "ASU_POSTGRES_URL"

    def prepare(self) -> None:
        """Nothing: it runs."""


@dataclass(frozen=True)
class ExternalBroker:
    """A RabbitMQ by address. Its definitions go through the management API when its address is given, else by hand."""

    url: str
    management_url: str | None
    note: Path
    programs: tuple[Program, ...] = ()

    @property
    def source(self) -> str:
        """Where the server comes from, for the status."""
        return "ASU_RABBITMQ_URL"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of AMQP."""
        parts = urlsplit(self.url)
        return parts.hostname or "127.0.0.1", parts.port or 5672

    def prepare(self, definitions: Mapping[str, Any]) -> None:
        """Leave the definitions where an administrator can take them."""
        write_file(self.note, json.dumps(definitions, indent=1, ensure_ascii=False))

    def load(self, definitions: Mapping[str, Any]) -> None:
        """Import through the management API. Without it the administrator has imported the file, or signing in will fail."""
        if self.management_url is None:
            return
        with self._management() as client:
            answer = client.post("/api/definitions", json=definitions)
        if answer.status_code >= 300:
            raise StackError(f"RabbitMQ не принял определения: код {answer.status_code}")

    def queue_depths(self, vhost: str) -> dict[str, int]:
        """Messages by queue."""
        if self.management_url is None:
            raise StackError("Длины очередей внешнего RabbitMQ видны, только если задан ASU_RABBITMQ_MANAGEMENT_URL")
        with self._management() as client:
            rows = client.get(f"/api/queues/{quote(vhost, safe='')}").raise_for_status().json()
        return {row["name"]: int(row.get("messages", 0)) for row in rows}

    def _management(self) -> httpx.Client:
        given, amqp = urlsplit(str(self.management_url)), urlsplit(self.url)
        user = unquote(given.username or amqp.username or "guest")
        password = unquote(given.password or amqp.password or "guest")
        base = given._replace(netloc=given.netloc.rpartition("@")[2]).geturl().rstrip("/")
        return httpx.Client(base_url=base, auth=(user, password), timeout=30, trust_env=False)
