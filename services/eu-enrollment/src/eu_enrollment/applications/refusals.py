"""Why a campaign does not take an application: what only its rules, the calendar and the directory can tell."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from eu_enrollment.applications import errors
from eu_enrollment.applications.facts import channel_of, contradictions, facts_of, refused
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns.errors import CampaignClosedError
from eu_enrollment.campaigns.rules import full_years
from eu_enrollment.campaigns.service import Campaign
from servicekit.errors import DomainError, FieldError
from servicekit.security import Principal

_OLDEST = 25
_CLOCKS_DIFFER = timedelta(minutes=5)


def refusal(
    today: date,
    now: datetime,
    campaign: Campaign,
    principal: Principal,
    body: ApplicationIn,
    known: Collection[UUID] | None = None,
    strangers: Sequence[FieldError] = (),
) -> DomainError | None:
    """The error that names everything wrong with the body, if something is.

    ``known`` are those of the chosen organizations that take part in the campaign; ``None``: not asked yet, so not judged.
    ``strangers`` is what is wrong with the applications it names.
    """
    if not campaign.open_at(now):
        return CampaignClosedError()
    found = [*faults(today, now, campaign, principal, body, known), *strangers]
    return errors.ApplicationRefusedError(errors=found) if found else None


def faults(
    today: date,
    now: datetime,
    campaign: Campaign,
    principal: Principal,
    body: ApplicationIn,
    known: Collection[UUID] | None = None,
) -> list[FieldError]:
    """Everything wrong with a body, whether the campaign is open or not."""
    found: list[FieldError] = []
    born = body.child.birth_date
    issued = body.child.document.issued_on
    if born > today or full_years(born, today) > _OLDEST:
        found.append(FieldError("/body/child/birth_date", "child.birth-date", "Невозможная дата рождения ребёнка"))
    if body.consent.given_at > now + _CLOCKS_DIFFER:
        found.append(FieldError("/body/consent/given_at", "consent.given-at", "Согласие не может быть дано в будущем"))
    if body.consent.valid_until is not None and body.consent.valid_until < today:
        found.append(FieldError("/body/consent/valid_until", "consent.expired", "Срок согласия уже истёк"))
    if issued is not None and not born <= issued <= today:
        found.append(
            FieldError("/body/child/document/issued_on", "document.issued-on", "Невозможная дата выдачи документа")
        )
    most = campaign.rules.limits.choices.max
    if len(body.choices) > most:
        found.append(FieldError("/body/choices", "choices.too-many", f"Можно выбрать организаций: не более {most}"))
    found += contradictions(campaign, principal, body, today)
    found += refused(campaign, facts_of(campaign, body, today, channel_of(principal, body.channel)))
    if known is not None:
        found.extend(_unknown([choice.organization_id for choice in body.choices], known))
    return found


def unknown_choices(choices: Sequence[UUID], known: Collection[UUID]) -> DomainError | None:
    """The error that names the chosen organizations that take no part, if some do not."""
    found = _unknown(choices, known)
    return errors.ApplicationRefusedError(errors=found) if found else None


def _unknown(choices: Sequence[UUID], known: Collection[UUID]) -> list[FieldError]:
    return [
        FieldError(
            f"/body/choices/{index}/organization_id", "choice.unknown", "Организация не участвует в этой кампании"
        )
        for index, organization_id in enumerate(choices)
        if organization_id not in known
    ]
