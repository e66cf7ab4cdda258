"""Place in the queue as a vector: for each wanted organization how many stand ahead, by what right, for how many free places.

Those compete who will take part in the next allocation, want the organization and could sit in one of the groups that fit: by age, and by
the kinds of places they can take.
No personal data of others.
"""

from collections import Counter
from collections.abc import Iterable

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.campaigns.rules import CLASS_ORDER, BenefitClass, ComparatorKind, RuleSet
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.queue import repository
from eu_enrollment.queue.askers import Wish, Wishes, wishes
from eu_enrollment.queue.schemas import OrganizationPosition, PlacesFor, PositionOut
from servicekit.uow import UnitOfWork

WAITING = (ApplicationStatus.REGISTERED, ApplicationStatus.QUEUED, ApplicationStatus.REDIRECTED)
OPEN_TITLE = "для всех"
CLASS_TITLES = {
    BenefitClass.EXTRAORDINARY: "внеочередное право",
    BenefitClass.PRIORITY: "первоочередное право",
    BenefitClass.PREFERENTIAL: "преимущественное право",
    BenefitClass.GENERAL: "общая очередь",
}
_CLASSES = {order: kind for kind, order in CLASS_ORDER.items()}


async def position(uow: UnitOfWork, campaign: Campaign, row: Record, *, impersonal: bool = False) -> PositionOut:
    """Where an application stands in the queue of each organization it wants.

    ``impersonal``: nothing tells of what kinds of children the child is, which may be a matter of health.
    """
    found: list[OrganizationPosition] = []
    if row.status in WAITING:
        wanted = await wishes(uow, campaign, row)
        aside = why_aside(row, wanted)
        askers = [wish.asker for wish in wanted.of]
        ranks = await repository.ranks(uow.session, wanted.question, askers)
        for number, wish in enumerate(wanted.of, 1):
            there = [rank for rank in ranks if rank.no == number]
            at = _at(campaign.rules, wish, there, drawn=wanted.drawn, aside=aside, impersonal=impersonal)
            found.append(at)
    return PositionOut(application_id=row.id, status=ApplicationStatus(row.status), at=uow.now, organizations=found)


def why_aside(row: Record, wanted: Wishes) -> str | None:
    """Why a waiting application takes no part in the next allocation; ``None`` for one that does."""
    if row.desired_from >= wanted.until:
        return "место нужно позже, чем заканчивается учебный год: в распределении этого года заявление не участвует"
    if not row.waits:
        return "заявление ещё проверяет оператор: до этого оно не участвует в распределении"
    if row.kinds == []:
        return "ребёнок не может занять места ни в одной из указанных групп: пока это так, заявление в распределении не участвует"
    return None


def benefit_class(rules: RuleSet, priority: int) -> BenefitClass:
    """Class of a right."""
    return _CLASSES[rules.rights(priority).get(ComparatorKind.BENEFIT, CLASS_ORDER[BenefitClass.GENERAL])]


def _at(
    rules: RuleSet, wish: Wish, ranks: list[Record], *, drawn: bool, aside: str | None, impersonal: bool
) -> OrganizationPosition:
    own = wish.asker.priority
    ahead = _by_class(rules, ((r.priority, _ahead(r, own)) for r in ranks))
    everyone = _by_class(rules, [*((r.priority, r.everyone) for r in ranks), (own, 1 if aside is None else 0)])
    equal = 0 if drawn else sum(r.everyone for r in ranks if r.priority == own)
    count = ahead.total()
    place = count + 1 if drawn and aside is None else None
    blocks = _blocks(rules, wish, ranks, impersonal=impersonal)
    return OrganizationPosition(
        organization_id=wish.asker.organization_id,
        rank=wish.rank,
        total=everyone.total(),
        total_by_class=dict(everyone),
        ahead=count,
        ahead_by_class=dict(ahead),
        equal=equal,
        position=place,
        seats=wish.seats or 0,
        blocks=blocks,
        explanation=_explain(ahead, equal, wish.seats, blocks, place, aside),
    )


def _ahead(rank: Record, own: int) -> int:
    """How many of the competitors of one right stand before."""
    found: int = rank.everyone if rank.priority < own else rank.before
    return found


def _blocks(rules: RuleSet, wish: Wish, ranks: list[Record], *, impersonal: bool) -> list[PlacesFor]:
    """Free places by whom they are for; none where no free place is reserved."""
    kept = {kind: places for kind, places in wish.kept.items() if places}
    if not kept:
        return []
    own = wish.asker.priority
    return [
        *(
            PlacesFor(
                kind=kind,
                title=rules.reserve(kind).title,
                places=places,
                ahead=sum(_ahead(rank, own) for rank in ranks if kind in rank.reserves),
                yours=None if impersonal else kind in wish.reserves,
            )
            for kind, places in kept.items()
        ),
        PlacesFor(
            kind=None,
            title=OPEN_TITLE,
            places=(wish.seats or 0) - sum(kept.values()),
            ahead=sum(_ahead(rank, own) for rank in ranks),
            yours=None if impersonal else True,
        ),
    ]


def _by_class(rules: RuleSet, counts: Iterable[tuple[int, int]]) -> Counter[BenefitClass]:
    """Counts by class, strongest first; classes of nobody are left out."""
    found: Counter[BenefitClass] = Counter()
    for priority, count in counts:
        found[benefit_class(rules, priority)] += count
    return Counter({kind: found[kind] for kind in BenefitClass if found[kind]})


def _explain(
    ahead: Counter[BenefitClass],
    equal: int,
    seats: int | None,
    blocks: list[PlacesFor],
    place: int | None,
    aside: str | None,
) -> str:
    parts = [f"{CLASS_TITLES[kind]} — {count}" for kind, count in ahead.items()]
    text = f"Впереди заявлений: {ahead.total()}" + (f" ({', '.join(parts)})" if parts else "")
    if equal:
        text += f"; с равным правом — {equal}, их порядок определит жребий"
    if seats is None:
        text += "; мест, которые может занять ребёнок, в этой организации сейчас нет"
    else:
        text += f"; свободных мест, которые может занять ребёнок, — {seats}"
        if blocks:
            text += f" ({'; '.join(map(_told, blocks))})"
        text += _odds(seats, blocks, place)
    if aside is not None:
        text += f"; {aside}"
    return text


def _odds(seats: int, blocks: list[PlacesFor], place: int | None) -> str:
    """On what it depends that the place comes true; nothing where it is not told which places the child may take."""
    if place is None or not seats or any(block.yours is None for block in blocks):
        return ""
    yours = sum(block.places for block in blocks if block.yours) if blocks else seats
    if not yours:
        return ": место достанется вам, если дети, для которых они выделены, их не займут"
    if yours < place:
        return ": место достанется вам, если часть впереди стоящих получит места в других организациях или откажется"
    return ""


def _told(block: PlacesFor) -> str:
    if block.kind is None:
        return f"{block.title} — {block.places}"
    return f"{kept_title(block.title)} — {block.places}, впереди на них — {block.ahead}"


def kept_title(title: str) -> str:
    """Reserved places as a family reads of them."""
    return f"по квоте «{title}»"
