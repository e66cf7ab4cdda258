"""Why a place in the queue changes, in our words and in those of the federal exchange (GetApplicationQueueReason).

The federal answer knows three numbers. Each cause of ours belongs to exactly one of them, so that a change of place is always
``increase_queue + increase_benefits − got_a_place``.
"""

from collections.abc import Mapping
from enum import StrEnum

from eu_enrollment.applications.statuses import Reason


class Federal(StrEnum):
    """A number of the federal answer: the queue grew, children got places, rights were confirmed."""

    INCREASE_QUEUE = "increase_queue"
    GOT_A_PLACE = "got_a_place"
    INCREASE_BENEFITS = "increase_benefits"


class Cause(StrEnum):
    """What moved an application in the queue."""

    RIGHTS_CONFIRMED = "rights_confirmed"
    RIGHTS_REVIEWED = "rights_reviewed"
    APPLIED = "applied"
    CHECKED = "checked"
    RESTORED = "restored"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    CHANGED = "changed"
    OWN_CHANGE = "own_change"
    LOTS_DRAWN = "lots_drawn"


TITLES: Mapping[Cause, str] = {
    Cause.RIGHTS_CONFIRMED: "подтверждено право на место раньше вас",
    Cause.RIGHTS_REVIEWED: "изменился срок действия права на место у других",
    Cause.APPLIED: "новые заявления",
    Cause.CHECKED: "заявления допущены после проверки",
    Cause.RESTORED: "вернулись в очередь",
    Cause.PLACED: "получили места",
    Cause.WITHDRAWN: "отозвали заявления",
    Cause.REFUSED: "отказано в предоставлении места",
    Cause.SUSPENDED: "заявления приостановлены или сняты с учёта",
    Cause.CHANGED: "в заявлениях изменились сведения",
    Cause.OWN_CHANGE: "изменилось ваше заявление или оно не стояло в очереди",
    Cause.LOTS_DRAWN: "проведён жребий",
}

_CAUSES: Mapping[str, Cause] = {
    Reason.SUBMITTED: Cause.APPLIED,
    Reason.CHECKED: Cause.CHECKED,
    Reason.VERIFIED: Cause.CHECKED,
    Reason.RIGHTS_REVIEWED: Cause.RIGHTS_REVIEWED,
    Reason.DOCUMENTS_RECEIVED: Cause.CHECKED,
    Reason.RESTORED: Cause.RESTORED,
    Reason.REOPENED: Cause.RESTORED,
    Reason.REFERRED: Cause.PLACED,
    Reason.WITHDRAWN: Cause.WITHDRAWN,
    Reason.REFUSED: Cause.REFUSED,
    Reason.DOCUMENTS_REQUESTED: Cause.SUSPENDED,
    Reason.DOCUMENTS_OVERDUE: Cause.SUSPENDED,
    Reason.RECHECK: Cause.SUSPENDED,
    Reason.FROZEN: Cause.SUSPENDED,
    Reason.NEED_UNCONFIRMED: Cause.SUSPENDED,
    Reason.ARCHIVED: Cause.SUSPENDED,
}

_FEDERAL: Mapping[Cause, Federal] = {
    Cause.RIGHTS_CONFIRMED: Federal.INCREASE_BENEFITS,
    Cause.RIGHTS_REVIEWED: Federal.INCREASE_BENEFITS,
    Cause.PLACED: Federal.GOT_A_PLACE,
}


def cause_of(reason: str, *, stronger: bool) -> Cause:
    """The cause by the step another application took; ``stronger``: with a stronger right than the asker's."""
    cause = _CAUSES.get(reason, Cause.CHANGED)
    return Cause.RIGHTS_CONFIRMED if stronger and cause in {Cause.APPLIED, Cause.CHECKED} else cause


def federal(cause: Cause) -> Federal:
    """The one number of the federal answer a cause belongs to."""
    return _FEDERAL.get(cause, Federal.INCREASE_QUEUE)


def said(cause: Cause, change: int) -> str:
    """A line of the ledger as a family reads it: more ahead of it is a plus."""
    return f"{'+' if change > 0 else '−'}{abs(change)}: {TITLES[cause]}"
