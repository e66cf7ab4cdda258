"""The published schedule of assessments as a table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, figure
from sgo_journal.assessments.service import Shown

_LEVELS = {"organization": "школьная", "region": "региональная", "federal": "федеральная"}


def sheet(
    since: dt.date, last: dt.date, found: Sequence[Shown], learners: Mapping[UUID, str], kinds: Mapping[str, str]
) -> Sheet:
    """Assessments of days from ``since`` to ``last``; what classes and kinds of work are called."""
    columns = [
        Column("Дата", 26), figure("Урок", 12), Column("Класс", 34), Column("Предмет"), Column("Вид работы", 44),
        Column("Тема"), Column("Уровень", 34),
    ]  # fmt: skip
    rows = [
        (
            f"{one.lesson.date:%d.%m.%Y}",
            one.lesson.number,
            learners.get(one.lesson.learners_id),
            one.subject,
            kinds.get(one.assessment.kind, one.assessment.kind),
            one.assessment.title,
            _LEVELS[one.assessment.level],
        )
        for one in found
    ]
    title = "График контрольных работ"
    return Sheet(title, f"{since:%d.%m.%Y} – {last:%d.%m.%Y}", [Section(title, columns, rows)])
