"""Forms of study that go on in another organization with the student."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author, signature
from sgo_core.movements.succession import Carried
from sgo_core.people import service as people
from sgo_core.study_forms.events import study_form_changed
from sgo_core.study_forms.model import StudyForm

_KEPT = ("student_id", "kind", "place_kind", "place", "basis", "valid_from", "valid_to")


async def standing(
    uow: UnitOfWork, organization_id: UUID, students: Collection[UUID], day: date
) -> Sequence[Mapping[str, Any]]:
    """How students study from a day on, as it stands before their stays end; their rows are locked."""
    names = ("membership_id", *_KEPT)
    query = select(*(getattr(StudyForm, name) for name in names)).where(
        StudyForm.organization_id == organization_id,
        StudyForm.student_id.in_(students),
        or_(StudyForm.valid_to.is_(None), StudyForm.valid_to > day),
    )
    return [dict(zip(names, row, strict=True)) for row in await uow.session.execute(query)]


async def pass_on(
    uow: UnitOfWork,
    held: Sequence[Mapping[str, Any]],
    carried: Sequence[Carried],
    order: tuple[str, date],
    author: Author,
) -> None:
    """Record the forms that stood anew, by the order that moved the students."""
    number, signed_on = order
    stays = {one.membership_id: one for one in carried}
    made = []
    for form in held:
        stay = stays.get(form["membership_id"])
        if stay is None:
            continue
        since = max(stay.day, form["valid_from"])
        if form["valid_to"] is not None and form["valid_to"] <= since:
            continue
        values = {**{name: form[name] for name in _KEPT}, "valid_from": since}
        made.append(
            StudyForm(
                id=new_id(),
                organization_id=stay.organization_id,
                membership_id=stay.to_membership_id,
                order_number=number,
                order_date=signed_on,
                told_version=1,
                version=1,
                **values,
                **signature(author, uow.now),
            )
        )
    if not made:
        return
    uow.session.add_all(made)
    await uow.session.flush()
    pseudonyms = await people.statistical_ids(uow.session, {one.student_id for one in made})
    for one in made:
        uow.publish(study_form_changed(one, pseudonyms[one.student_id]), version=one.version)
