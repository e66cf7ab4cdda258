from sgo_journal.timetable.difficulty import Day, Remark, Taught, points_of, week_of


def test_points_go_by_grade_and_an_organization_may_set_its_own() -> None:
    assert points_of(2, "mathematics", {}) == 8
    assert points_of(6, "mathematics", {}) == 13
    assert points_of(9, "physics", {}) == 13
    assert points_of(11, "algebra_analysis", {}) == 10
    assert points_of(6, "chess", {}) == 0
    assert points_of(6, "mathematics", {(6, "mathematics"): 9}) == 9
    assert points_of(7, "geometry", {(6, "geometry"): 1}) == 12


def week(grade: int, *days: str) -> list[Day]:
    taught = [
        Taught(weekday, number, subject)
        for weekday, subjects in enumerate(days, start=1)
        for number, subject in enumerate(subjects.split(), start=1)
        if subject != "-"
    ]
    return week_of(grade, taught, {})


def test_a_day_sums_its_numbers_and_subgroups_count_once() -> None:
    [day] = week_of(5, [Taught(1, 1, "foreign"), Taught(1, 1, "labour"), Taught(1, 2, "music")], {})
    assert (day.lessons, day.points, day.remarks) == (2, 11, ())


def test_a_hard_monday_or_last_day_is_remarked_on_a_hard_middle_is_not() -> None:
    easy, hard = "music sport", "mathematics russian"
    assert week(2, hard, easy, easy, easy, easy)[0].remarks == (Remark.HARD_MONDAY,)
    assert week(2, easy, easy, easy, easy, hard)[4].remarks == (Remark.HARD_FRIDAY,)
    assert not any(day.remarks for day in week(2, easy, hard, easy, easy, easy))
    assert not any(day.remarks for day in week(2, hard, hard, easy, easy, easy))


def test_a_day_has_no_more_lessons_than_the_rules_allow_but_once_with_physical_culture() -> None:
    four, five = "russian reading world music", "russian reading world music sport"
    assert not any(Remark.TOO_MANY in day.remarks for day in week(1, four, five, four))
    assert [Remark.TOO_MANY in day.remarks for day in week(1, four, five, five)] == [False, False, True]
    assert [Remark.TOO_MANY in day.remarks for day in week(1, f"{four} art")] == [True]


def test_a_gap_is_remarked_on_a_late_first_lesson_is_not() -> None:
    assert [day.remarks for day in week(5, "music - sport", "music sport", "- music sport")] == [(Remark.GAP,), (), ()]


def test_words_are_russian() -> None:
    assert all(remark.words for remark in Remark)
