"""A user of one school learns nothing of another, nor a municipality or a department of what is another's, whatever is called.

Nothing is listed here: routes come from the service with their samples of the matrix of rights. Each organization has words, ids and
figures of its own, told in events of every kind. An answer has none of what is beyond the caller's view; it stays the same to the byte
when more is told of what is beyond, with what the call's run makes; and whoever names what is another's is answered as if it were not
there.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.http.rights import RouteRights, rights_of
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Grounds, Listing, Sample, Target, missing_samples, reaches

from .isolation.ground import NOWHERE, READERS, UUIDS, Ground, differences, outcome, refused, said, text
from .test_permissions import SAMPLES

PUBLIC = {"get_public_quality", "get_public_report"}
"""Open to everybody on purpose: what they show is made nameless, which has tests of its own."""


async def test_every_route_keeps_to_the_callers_unit(service: ServiceUnderTest) -> None:
    routes = {route.name: route for route in rights_of(service.definition.all_routers)}
    assert {name for name, route in routes.items() if route.public} == PUBLIC
    assert [one for one in missing_samples(service, SAMPLES) if not one.startswith("get_run:")] == []
    ground = await Ground.of(service)
    wrong: list[str] = []
    own: dict[tuple[str, Role], tuple[Call, dict[str, str]]] = {}
    for name in sorted(routes.keys() & SAMPLES.keys() - PUBLIC):
        sample = SAMPLES[name]
        grounds = Grounds(ground.world, sample, [Target.OWN] if _is_unscoped(sample) else list(Target))
        for role in READERS:
            if routes[name].admits(role):
                made = await grounds.of(role)
                headers = made.world.headers(role)
                own[name, role] = made.calls[Target.OWN], headers
                wrong += [one async for one in _beyond(ground, routes[name], made.calls, (role, headers))]
    assert len(own) > len(SAMPLES)
    before: dict[tuple[str, Role], list[str]] = {}
    for targets in ((), *READERS.values()):
        async with ground.changed(*targets):
            for (name, role), (call, headers) in own.items():
                if targets not in {(), READERS[role]}:
                    continue
                answers = await _send(ground, routes[name], call, headers)
                wrong += [f"{name} by {role}: own {one}" for one in refused(answers)]
                known = before.setdefault((name, role), said(answers))
                wrong += differences(f"{name} by {role}, more told of {targets}", known, said(answers))
                whole = " ".join(map(text, answers))
                wrong += [f"{name} by {role}: tells {word}" for word in sorted(ground.beyond(role)) if word in whole]
    assert wrong == [], "\n".join(wrong)


def _is_unscoped(sample: Sample | Listing) -> bool:
    return isinstance(sample, Sample) and not sample.scoped


async def _beyond(
    ground: Ground, route: RouteRights, calls: Mapping[Target, Call], by: tuple[Role, dict[str, str]]
) -> AsyncIterator[str]:
    """What a route tells a role that names what is in the nearest place beyond its unit."""
    role, headers = by
    sample, nearest = SAMPLES[route.name], READERS[role][0]
    if nearest not in calls:
        return
    call = calls[nearest]
    answers = await _send(ground, route, call, headers)
    beyond = ground.beyond(role)
    if not reaches(sample, role, nearest):
        beyond |= set(UUIDS.findall(_written(call)))
        other = outcome((await _send(ground, route, _elsewhere(call, ground, nearest), headers))[0])
        if outcome(answers[0]) != other:
            yield f"{route.name} by {role} on {nearest}: {outcome(answers[0])}, of what is not there {other}"
    whole = " ".join(map(text, answers))
    for word in sorted(beyond):
        if word in whole:
            yield f"{route.name} by {role} on {nearest}: tells {word}"


async def _send(ground: Ground, route: RouteRights, call: Call, headers: dict[str, str]) -> list[Any]:
    options = {name: value for name, value in call.options.items() if name != "headers"}
    return await ground.send(route.method, call.path, {**call.options.get("headers", {}), **headers}, **options)


def _written(call: Call) -> str:
    return call.path + json.dumps(
        {name: value for name, value in call.options.items() if name != "headers"}, default=str
    )


def _elsewhere(call: Call, ground: Ground, target: Target) -> Call:
    """The same call about what nobody ever made."""
    made = {found: str(new_id()) for found in UUIDS.findall(_written(call))}
    made[ground.world.places[target].municipality] = NOWHERE

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
