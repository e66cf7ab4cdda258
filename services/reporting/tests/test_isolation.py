"""A user of one school learns nothing of another, nor a municipality of another, whatever is asked.

Nothing is listed here: routes come from the service with their samples of the matrix of rights, queries from the semantic layer. Each
organization has words, ids and figures of its own, told in events of every kind; an answer to an outsider has none of them, and an
outsider who names what is another's is answered as if it were not there.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from httpx import Response
from pypdf import PdfReader

from asu_contracts.access import OFFICE, Role
from asu_contracts.core import Locality, OrganizationChanged, OrganizationKind
from reporting.constructor.semantics import DATASETS, Dataset
from servicekit.http.rights import RouteRights, rights_of
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Grounds, Listing, Sample, Target, World, missing_samples, reaches

from .constructor import naive
from .constructor.asking import measures
from .constructor.world import CITIZENSHIPS, DAY, MARKS, FactsWorld
from .factories import Reporting
from .test_permissions import SAMPLES

PUBLIC = {"get_public_quality", "get_public_report"}
"""Open to everybody on purpose: what they show is made nameless, which has tests of its own."""
READERS = {
    Role.HEAD: (Target.SIBLING, Target.FOREIGN),
    Role.MUNICIPALITY_OPERATOR: (Target.FOREIGN,),
}
"""Whose view ends at an organization, and at a municipality: the places beyond it, the nearest first."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NOWHERE = "99999999"


@dataclass
class Ground:
    """Three organizations of which everything was told, and what gives each of them away."""

    world: World
    facts: FactsWorld
    telling: dict[Target, set[str]]

    @classmethod
    async def of(cls, service: ServiceUnderTest) -> "Ground":
        world = World(service, shares=True)
        organizations = [
            OrganizationChanged(
                organization_id=place.organization_id, kind=OrganizationKind.PRESCHOOL, short_name=f"Сад {mark}",
                full_name=f"Сад {mark}", municipality=place.municipality, founder_id=place.founder_id,
                locality=Locality.URBAN, active=True,
            )
            for mark, place in zip(MARKS, world.places.values(), strict=True)
        ]  # fmt: skip
        facts = FactsWorld(11, organizations=organizations, gaps=0)  # a form with gaps is not handed in
        await Reporting(service).tell(*facts.events)
        return cls(world, facts, {target: set(_telling(facts, number)) for number, target in enumerate(world.places)})

    def beyond(self, role: Role) -> set[str]:
        """What an answer to the role must not have."""
        return set().union(*(self.telling[target] for target in READERS[role]))

    def headers(self, role: Role) -> dict[str, str]:
        return self.world.beside(role).headers(role)


def _telling(facts: FactsWorld, number: int) -> Iterator[str]:
    """Ids, names and rare values that only one organization has."""
    told = facts.told[number]
    yield from (told.id, told.mark, told.mark.casefold(), f'"{CITIZENSHIPS[told.mark]}"')
    mine = {told.id, *(str(group.group_id) for group in told.groups)}
    own: set[str] = set()
    others: set[str] = set()
    for event in facts.events:
        body = event.model_dump_json()
        ids = set(_UUID.findall(body))
        (own if ids & mine else others).update(ids)
    subjects = {row["_subject"] for row in facts.rows["learners"] if row["organization"] == told.id}
    yield from (own | subjects) - others


async def test_every_route_keeps_to_the_callers_unit(service: ServiceUnderTest) -> None:
    routes = {route.name: route for route in rights_of(service.definition.all_routers)}
    assert {name for name, route in routes.items() if route.public} == PUBLIC
    assert [one for one in missing_samples(service, SAMPLES) if not one.startswith("get_run:")] == []
    ground = await Ground.of(service)
    wrong: list[str] = []
    tried = 0
    for name in sorted(routes.keys() & SAMPLES.keys() - PUBLIC):
        sample = SAMPLES[name]
        grounds = Grounds(ground.world, sample, [Target.OWN] if _is_unscoped(sample) else list(Target))
        for role in READERS:
            if routes[name].admits(role):
                tried += 1
                wrong += [one async for one in _leaks(ground, routes[name], grounds, role)]
    assert wrong == []
    assert tried > len(SAMPLES)


def _is_unscoped(sample: Sample | Listing) -> bool:
    return isinstance(sample, Sample) and not sample.scoped


async def _leaks(ground: Ground, route: RouteRights, grounds: Grounds, role: Role) -> AsyncIterator[str]:
    """What a route tells a role of places beyond its unit, asked about its own place and about the nearest beyond."""
    sample, made = SAMPLES[route.name], await grounds.of(role)
    headers, nearest = made.world.headers(role), READERS[role][0]
    for target in made.calls.keys() & {Target.OWN, nearest}:
        call = made.calls[target]
        answer = await _send(ground, route, call, headers)
        beyond = ground.beyond(role)
        if target is nearest and not reaches(sample, role, target):
            beyond |= set(_UUID.findall(_written(call)))
            other = _outcome(await _send(ground, route, _elsewhere(call, ground, target), headers))
            if _outcome(answer) != other:
                yield f"{route.name} by {role} on {target}: {_outcome(answer)}, of what is not there {other}"
        told = _text(answer)
        for word in sorted(beyond):
            if word in told:
                yield f"{route.name} by {role} on {target}: tells {word}"


async def _send(ground: Ground, route: RouteRights, call: Call, headers: dict[str, str]) -> Response:
    options = {**call.options, "headers": {**call.options.get("headers", {}), **headers}}
    async with ground.world.service.rehearsal():
        return await ground.world.service.client.request(route.method, call.path, **options)


def _written(call: Call) -> str:
    return call.path + json.dumps(
        {name: value for name, value in call.options.items() if name != "headers"}, default=str
    )


def _elsewhere(call: Call, ground: Ground, target: Target) -> Call:
    """The same call about what nobody ever made."""
    made = {found: str(new_id()) for found in _UUID.findall(_written(call))}
    made[ground.world.places[target].municipality] = _NOWHERE

    def renamed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: renamed(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        if isinstance(value, UUID | str):
            return re.sub("|".join(map(re.escape, made)), lambda found: made[found[0]], str(value))
        return value

    options = {name: value if name in {"headers", "files"} else renamed(value) for name, value in call.options.items()}
    return replace(call, path=renamed(call.path), options=options)


def _outcome(answer: Response) -> tuple[int, str | None]:
    if answer.headers.get("content-type") == "application/problem+json":
        return answer.status_code, answer.json()["code"]
    return answer.status_code, None


def _text(answer: Response) -> str:
    """All that an answer says, files opened."""
    content = answer.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


async def test_no_query_tells_of_another_unit(service: ServiceUnderTest) -> None:
    ground = await Ground.of(service)
    for role, beyond in READERS.items():
        unit = {"organization_id": ground.facts.told[0].id}
        if role is Role.MUNICIPALITY_OPERATOR:
            unit = {"municipality": ground.world.places[Target.OWN].municipality}
        for dataset in DATASETS.values():
            if role not in dataset.roles:
                continue
            for query in _queries(dataset, role):
                answer = await _ask(ground, role, query)
                assert answer.status_code == 200, (query, answer.text)
                for word in ground.beyond(role):
                    assert word not in answer.text, (role, query, word)
                found = answer.json()
                if not found["hidden"]["cells"]:
                    expected = naive.cells(dataset, ground.facts.of(dataset.name, unit), query)
                    assert naive.differences(query, expected, naive.answered(found)) == [], (role, query)
            for target in beyond:
                await _asks_beyond(ground, role, dataset, target)


def _queries(dataset: Dataset, role: Role) -> Iterator[dict[str, Any]]:
    """Every dimension with every measure, three dimensions at a time; of health a body has one table a field."""
    for health in (False, True):
        every = measures(dataset)
        if health and role not in OFFICE:
            fields = [name for name, one in dataset.dimensions.items() if one.health and dataset.name == "learners"]
            yield from ({"dataset": dataset.name, "rows": ["organization"], "columns": [one]} for one in fields)
            continue
        names = [name for name, one in dataset.dimensions.items() if one.health is health]
        for first in range(0, len(names), 3):
            for start in range(0, len(every), 5):
                rows = names[first : first + 3]
                yield {"dataset": dataset.name, "rows": rows, "measures": every[start : start + 5]}


async def _asks_beyond(ground: Ground, role: Role, dataset: Dataset, target: Target) -> None:
    """Units of others are not there; values that only others have count nothing."""
    place, told = ground.world.places[target], ground.facts.told[list(Target).index(target)]
    plain = {"dataset": dataset.name}
    named = await _ask(ground, role, {**plain, "unit": {"organization_id": told.id}})
    nobody = await _ask(ground, role, {**plain, "unit": {"organization_id": str(new_id())}})
    assert _outcome(named) == _outcome(nobody) == (404, "not-found")
    if target is Target.FOREIGN:
        named = await _ask(ground, role, {**plain, "unit": {"municipality": place.municipality}})
        nobody = await _ask(ground, role, {**plain, "unit": {"municipality": _NOWHERE}})
        assert _outcome(named) == _outcome(nobody) == (404, "not-found")
    own = {row["organization"] for row in ground.facts.rows[dataset.name]} - {told.id}
    for name, dimension in dataset.dimensions.items():
        theirs = {
            dimension.banded(row[dimension.field])
            for row in ground.facts.of(dataset.name, {"organization_id": told.id})
        }
        common = {
            dimension.banded(row[dimension.field])
            for row in ground.facts.rows[dataset.name]
            if row["organization"] in own
        }
        values = list(theirs - common - {None})
        if values:
            answer = await _ask(ground, role, {**plain, "where": {"field": name, "values": values}})
            if answer.json().get("code") != "constructor.health":
                assert answer.json()["result"]["total"][0]["value"] == 0, (role, dataset.name, name)


async def _ask(ground: Ground, role: Role, query: dict[str, Any]) -> Response:
    body = {"as_of": str(DAY), "view": {"kind": "pivot"}, **query}
    client = ground.world.service.client
    return await client.post("/constructor/queries", json=body, headers=ground.headers(role))
