"""What the journey knows: the generated region, the ids the services gave, who is signed in, what came out."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from demodata.journey.client import Api
from demodata.journey.sessions import Account, Portal
from demodata.journey.steps import Steps


@dataclass
class World:
    """State shared by the steps. Keys are those of ``region.json``; ids are the services'."""

    api: Api
    steps: Steps
    data: Path
    out: Path
    region: dict[str, Any]
    people: dict[str, Account] = field(default_factory=dict)
    organization_ids: dict[str, str] = field(default_factory=dict)
    group_ids: dict[str, str] = field(default_factory=dict)
    teacher_ids: list[tuple[str, str]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    looks: list[tuple[str, str, str]] = field(default_factory=list)
    """What there is to look at afterwards: what it is, as whom of ``people``, the path."""
    _portal: Portal | None = None

    @classmethod
    def load(cls, api: Api, steps: Steps, data: Path, out: Path) -> "World":
        return cls(api, steps, data, out, json.loads((data / "region.json").read_text("utf-8")))

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.region["as_of"])

    @property
    def organizations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.region["organizations"]
        return found

    @property
    def municipality(self) -> dict[str, Any]:
        """The demo plays in one municipality."""
        found: dict[str, Any] = self.region["municipalities"][0]
        return found

    @property
    def demo_school(self) -> dict[str, Any]:
        """The school whose week of lessons is recorded."""
        return next(organization for organization in self.organizations if organization["kind"] == "school")

    @property
    def operator(self) -> Account:
        return self.people[next(person["login"] for person in self.staff("municipality_operator"))]

    @property
    def portal(self) -> Portal:
        assert self._portal is not None, "the portal is registered first"
        return self._portal

    @portal.setter
    def portal(self, portal: Portal) -> None:
        self._portal = portal
        self._keep("portal", {"client_id": portal.client_id, "client_secret": portal.secret})

    @property
    def educator(self) -> dict[str, Any]:
        """The educator whose group's day is noted."""
        return next(person for person in self.staff("teacher") if "leads" in person)

    def look(self, what: str, who: str, path: str, **params: Any) -> None:
        """Name something to look at afterwards, in the name of one of ``people``."""
        self.looks.append((what, who, f"{path}?{urlencode(params)}" if params else path))

    def remember(self, name: str, person: Account) -> None:
        """Take note of who can sign in, in ``logins.json`` too: of a journey that stops they are what is left."""
        self.people[name] = person
        self._keep(name, {"login": person.login, "password": person.password})

    def _keep(self, name: str, secret: dict[str, str]) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        file, written = self.out / "logins.json", self.out / "logins.json.new"
        known: dict[str, dict[str, str]] = {}
        with contextlib.suppress(FileNotFoundError):
            known = json.loads(file.read_text("utf-8"))
        written.touch(mode=0o600)
        written.write_text(json.dumps(known | {name: secret}, ensure_ascii=False, indent=2), "utf-8")
        written.replace(file)

    def staff(self, role: str) -> Iterator[dict[str, Any]]:
        """Planned accounts of a role."""
        return (person for person in self.region["staff"] if person["role"] == role)

    def admin(self, organization_key: str) -> Account:
        """The administrator of an organization."""
        return self._of("organization_admin", organization_key)

    def head(self, organization_key: str) -> Account:
        """The head of an organization."""
        return self._of("head", organization_key)

    def _of(self, role: str, organization_key: str) -> Account:
        return self.people[next(one["login"] for one in self.staff(role) if one["unit"] == organization_key)]
