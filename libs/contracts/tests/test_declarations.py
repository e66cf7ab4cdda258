"""How event types may be declared, and what the registry says about them."""

import types
from typing import Annotated, Any, cast
from uuid import UUID

import pytest
from pydantic import BaseModel

from asu_contracts import core, enrollment, people
from asu_contracts.access import MAY_END, MAY_GRANT, UNIT_OF_ROLE, Role
from asu_contracts.base import PII, Encrypted, Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service, dead_queue, queue_name, wait_queue
from asu_contracts.registry import EVENT_TYPES, pii_fields, published_by, read_by


def _declare(**changes: Any) -> type[Event]:
    """Declare a well-formed public event, with changes."""
    fields = changes.pop("fields", {})
    keywords: dict[str, Any] = {
        "type": "core.thing.happened.v1",
        "semantics": Semantics.FACT,
        "subject": "thing_id",
        "readers": {Service.JOURNAL},
        **changes,
    }
    namespace = {"__annotations__": {"thing_id": UUID, **fields}, "__module__": __name__}
    event: type[Event] = types.new_class("ThingHappened", (Event,), keywords, lambda body: body.update(namespace))
    return event


class Person(Payload):
    name: Annotated[str, PII]


def test_a_public_event_without_personal_data_stands() -> None:
    event = _declare()
    assert event.exchange() == "core"
    assert event.producer() is Service.CORE


@pytest.mark.parametrize(
    "field",
    [
        Annotated[str, PII],
        Annotated[str, PII()],
        Annotated[str | None, PII],
        Annotated[str, PII, Encrypted],
        tuple[Annotated[str, PII], ...],
        dict[str, Annotated[str, PII]],
        Person,
        Person | None,
        tuple[Person, ...],
    ],
)
def test_personal_data_is_refused_in_a_public_event(field: Any) -> None:
    with pytest.raises(TypeError, match="personal data in a public event: field"):
        _declare(fields={"field": field})
    assert _declare(fields={"field": field}, private=True).exchange() == "core.private"


@pytest.mark.parametrize(
    "name",
    ["core.thing.v1", "core.thing.happened", "nobody.thing.happened.v1", "core.Thing.happened.v1", "core.a.b.v0"],
)
def test_a_malformed_type_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="is not <service>"):
        _declare(type=name)


def test_other_broken_declarations_are_refused() -> None:
    with pytest.raises(TypeError, match="not a field"):
        _declare(subject="other_id")
    with pytest.raises(TypeError, match="read its own event"):
        _declare(readers={Service.CORE})
    with pytest.raises(TypeError):
        types.new_class("Bare", (Event,))


def test_pii_fields_are_named_with_their_path() -> None:
    class Household(BaseModel):
        members: tuple[Person, ...]
        size: int

    assert pii_fields(Household) == ["members.name"]
    assert "child.document.number" in pii_fields(enrollment.AdmissionApproved)


def test_every_type_is_published_and_known_to_its_readers() -> None:
    assert EVENT_TYPES["core.movement.recorded.v1"] is core.MovementRecorded
    for event in EVENT_TYPES.values():
        assert event in published_by(event.producer())
        assert all(event in read_by(reader) for reader in event.readers)
        assert event.model_fields[event.subject_field].annotation is UUID
        assert event.private == bool(pii_fields(event)) or event is core.GuardianshipChanged
    assert sum(len(published_by(service)) for service in Service) == len(EVENT_TYPES)


def test_open_enumerations_read_newer_values_as_unknown() -> None:
    enumerations = [
        value
        for module in (core, enrollment, people)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, OpenEnum) and value is not OpenEnum
    ]
    assert enumerations
    for enumeration in enumerations:
        assert enumeration("from-a-newer-producer").value == "unknown"
        with pytest.raises(ValueError, match="is not a valid"):
            enumeration(cast("str", 7))


def test_names_on_the_broker() -> None:
    assert (Service.CORE.exchange, Service.CORE.private_exchange) == ("core", "core.private")
    assert (Service.CORE.replay_exchange, Service.CORE.retry_exchange) == ("core.replay", "core.retry")
    queue = queue_name(Service.JOURNAL, "rosters")
    assert (queue, wait_queue(queue), dead_queue(queue)) == (
        "journal.rosters",
        "journal.rosters.wait",
        "journal.rosters.dead",
    )
    names = [
        name
        for service in Service
        for name in (service.exchange, service.private_exchange, service.replay_exchange, service.retry_exchange)
    ]
    assert len(set(names)) == len(names)


def test_every_role_has_a_level_and_a_right_to_grant() -> None:
    assert set(UNIT_OF_ROLE) == set(MAY_GRANT) == set(MAY_END) == set(Role)
    order = list(type(UNIT_OF_ROLE[Role.REGION_ADMIN]))
    for role, granted in MAY_GRANT.items():
        assert all(order.index(UNIT_OF_ROLE[other]) >= order.index(UNIT_OF_ROLE[role]) for other in granted)
        assert MAY_END[role] == granted.union(*(MAY_END[other] for other in granted - {role}))
