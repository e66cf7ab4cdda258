"""Use cases of sample checks: a body draws, compares with the papers, concludes; the organization answers."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from servicekit.acting import unit_key
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, Level
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.quality.scans import sample
from sgo_core.sample_checks import repository
from sgo_core.sample_checks.errors import (
    CheckStateError,
    MendDateError,
    NothingToCheckError,
    OtherBodyError,
    UncheckedError,
    VerdictFieldsError,
)
from sgo_core.sample_checks.model import SampleCheck, SampleCheckItem
from sgo_core.sample_checks.schemas import CheckIn, FinishIn, VerdictIn


async def draw(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: CheckIn) -> SampleCheck:
    """Draw a sample of an organization's cards by chance that can be proved afterwards."""
    await organizations.require_visible(uow, principal, organization_id)
    seed = secrets.token_hex(16)
    kind, today = CardKind(body.card_kind), uow.clock.today()
    population, cards = await sample(uow.session, kind, organization_id, today, seed, body.size)
    if population < body.size:
        raise NothingToCheckError
    author = Author(principal.account_id, "Выборочная проверка")
    check = SampleCheck(
        id=new_id(),
        organization_id=organization_id,
        card_kind=kind.value,
        size=body.size,
        population=population,
        seed=seed,
        drawn_on=today,
        drawn_by=principal.account_id,
        drawn_name=principal.name or "",
        drawn_in=unit_key(principal),
        state="drawn",
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(check)
    await uow.session.flush()
    uow.session.add_all(
        SampleCheckItem(
            id=new_id(), check_id=check.id, card_id=card_id, fields=[], version=1, **signature(author, uow.now)
        )
        for card_id in cards
    )
    await uow.session.flush()
    return check


async def require(uow: UnitOfWork, principal: Principal, check_id: UUID) -> SampleCheck:
    """A check of an organization the caller sees; raises ``NotFoundError``."""
    check = await repository.get(uow.session, check_id)
    if check is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, check.organization_id)
    return check


async def items_of(uow: UnitOfWork, check: SampleCheck) -> Sequence[SampleCheckItem]:
    """The cards of a check."""
    return await repository.items(uow.session, check.id)


async def list_checks(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[SampleCheck]:
    """One page of an organization's checks, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, limit, after)


async def _locked(uow: UnitOfWork, principal: Principal, check_id: UUID, state: str) -> SampleCheck:
    check = await require(uow, principal, check_id)
    locked = await repository.get(uow.session, check.id, lock=True)
    assert locked is not None
    if locked.state != state:
        raise CheckStateError
    return locked


async def _drawn(uow: UnitOfWork, principal: Principal, check_id: UUID) -> SampleCheck:
    """A check that the caller's own body has not concluded yet, locked."""
    check = await _locked(uow, principal, check_id, "drawn")
    if check.drawn_in != unit_key(principal):
        raise OtherBodyError
    return check


async def judge(
    uow: UnitOfWork, principal: Principal, item_id: UUID, version: int, body: VerdictIn
) -> tuple[SampleCheck, SampleCheckItem]:
    """Say how a drawn card agrees with the papers."""
    item = await repository.get_item(uow.session, item_id)
    if item is None:
        raise NotFoundError
    check = await _drawn(uow, principal, item.check_id)
    item = await repository.get_item(uow.session, item_id)  # again: somebody may have judged it while this one waited
    assert item is not None
    if item.version != version:
        raise VersionMismatchError
    fields = CATALOGUE.cards[CardKind(check.card_kind)].fields
    seen = {name for name, one in fields.items() if CATALOGUE.level(one, Audience.BODY) is not Level.NONE}
    if not seen >= set(body.fields) or (body.verdict == "differs") != bool(body.fields):
        raise VerdictFieldsError
    author = Author(principal.account_id, "Результат выборочной проверки")
    values = {"verdict": body.verdict, "fields": sorted(set(body.fields)), "remark": body.remark}
    change(item, values, author, uow.now)
    return check, item


async def finish(uow: UnitOfWork, principal: Principal, check_id: UUID, version: int, body: FinishIn) -> SampleCheck:
    """Conclude a check whose cards all have a verdict."""
    check = await _drawn(uow, principal, check_id)
    if check.version != version:
        raise VersionMismatchError
    found = await items_of(uow, check)
    if any(one.verdict is None for one in found):
        raise UncheckedError
    faulty = any(one.verdict != "matches" for one in found)
    if (faulty and body.mend_by is None) or (body.mend_by is not None and body.mend_by < uow.clock.today()):
        raise MendDateError
    values = {"state": "finished", "conclusion": body.conclusion, "mend_by": body.mend_by}
    change(check, values, Author(principal.account_id, "Завершение выборочной проверки"), uow.now)
    return check


async def answer(uow: UnitOfWork, principal: Principal, check_id: UUID, version: int, text: str) -> SampleCheck:
    """Say what the organization has done about a finished check."""
    check = await _locked(uow, principal, check_id, "finished")
    if check.version != version:
        raise VersionMismatchError
    values = {"state": "answered", "answer": text, "answered_on": uow.clock.today()}
    change(check, values, Author(principal.account_id, "Ответ на выборочную проверку"), uow.now)
    return check
