"""The schools that tests of what was brought are about."""

from datetime import UTC, datetime

import pytest

from servicekit.clock import FixedClock

from ..factories import School
from .two_schools import Two


@pytest.fixture
async def two(school: School) -> Two:
    school.service.runtime.clock = FixedClock(datetime(2026, 11, 8, 22, 30, tzinfo=UTC))
    new = await School(school.service).open()
    subject = await school.add_subject("Физика")
    for one in (school, new):
        await one.set_year()
        one._journal_id = await one.teach(subject_id=subject)
    [student] = await school.enrol("Образцова")
    return Two(school, new, student, subject)
