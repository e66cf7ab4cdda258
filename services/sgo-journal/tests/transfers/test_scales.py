"""What was brought in another scale counts by the new school's conversion alone, and is told where it does not count."""

from datetime import UTC, datetime

from servicekit.clock import FixedClock

from ..scales.test_conversions import THRESHOLDS, hundred, put, use
from ..totals.columns import save, total
from .two_schools import ARRIVAL, Two, arrive, brought, suggested


async def test_a_mark_of_another_scale_is_not_mixed_into_the_mean(two: Two) -> None:
    scale = await hundred(two.old)
    await use(two.old, scale, 1)
    await two.learn("90")
    await arrive(two.student, two.old, two.new)
    await two.learn("3", on=ARRIVAL, school=two.new)
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "90")]}
    found = await suggested(two.new, two.student)
    assert (found["mean"], found["explanation"]) == ("3.00", "(3·1) / 1 = 3; не переведены в шкалу журнала: 90")
    assert [(one["sign"], one["counted_as"]) for one in found["marks"]] == [("3", None), ("90", "")]
    assert (await put(two.new, scale, 1, dict(THRESHOLDS))).status_code == 200, "of a scale only brought here"
    found = await suggested(two.new, two.student)
    assert (found["mean"], found["explanation"]) == (
        "4.00",
        "(5·1 + 3·1) / 2 = 4; из них принесены из другой школы: 90; из другой шкалы: 90 как 5",
    )
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "90")]}, "what was set stands"


async def test_a_period_of_another_scale_is_not_mixed_into_the_year(two: Two) -> None:
    scale = await hundred(two.old)
    await use(two.old, scale, 1)
    assert (await save(two.old, total(two.student, "90"), headers=two.old.admin)).status_code == 200
    await arrive(two.student, two.old, two.new)
    two.new.service.runtime.clock = FixedClock(datetime(2027, 6, 1, tzinfo=UTC))
    given = [total(two.student, "4", period=period) for period in (2, 3, 4)]
    assert (await save(two.new, *given, headers=two.new.admin)).status_code == 200
    assert (await suggested(two.new, two.student, "year", 0))["reason"] == (
        "«4»: 2 четверть — 4, 3 четверть — 4, 4 четверть — 4; среднее 4, порог отметки «4» — 3,5;"
        " без балла: 1-й период, из другой школы — 90 (другой шкалы)"
    )
    assert (await put(two.new, scale, 1, dict(THRESHOLDS))).status_code == 200
    assert (await suggested(two.new, two.student, "year", 0))["reason"] == (
        "«4»: 1-й период, из другой школы — 5 (90 другой шкалы), 2 четверть — 4, 3 четверть — 4, 4 четверть — 4;"
        " среднее 4,25, порог отметки «4» — 3,5"
    )
