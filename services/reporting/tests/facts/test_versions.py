"""Two times: what a function of all that was told gives equals what one who knew only so much would have said."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import SpecialNeeds, StudentStatisticsChanged, StudyFormChanged, StudyFormKind
from asu_contracts.people import Sex
from reporting.facts.learners import LEARNERS, STUDY_FORMS
from reporting.facts.versions import AT_LAST, Version
from reporting.ingest.told import Told
from servicekit.clock import Clock
from servicekit.ids import new_id

START = datetime(2026, 9, 1, tzinfo=UTC)
DAY_OF = Clock().date_of
CHILD = new_id()
DAYS = st.integers(0, 9)
HOURS = st.integers(0, 9 * 24)
TERMS = st.none() | DAYS.map(lambda day: date(2026, 9, 1) + timedelta(days=day))
STATES = st.lists(
    st.tuples(
        HOURS,
        st.builds(
            StudentStatisticsChanged,
            statistical_id=st.just(CHILD),
            birth_date=st.dates(date(2016, 1, 1), date(2016, 1, 5)),
            sex=st.sampled_from(list(Sex)),
            citizenship=st.sampled_from(["643", "112", "000"]),
            foreign_languages=st.permutations(["английский", "Немецкий"]).map(tuple),
            special_needs=st.none() | st.sampled_from(list(SpecialNeeds)),
            special_needs_until=TERMS,
            disability=st.booleans(),
            disability_until=TERMS,
        ),
    ),
    min_size=1,
    max_size=6,
)


def as_known(found: list[Version], day: date, at: datetime) -> list[tuple[object, ...]]:
    return [
        one.valid.values
        for one in found
        if one.valid.days[0] <= day < one.valid.days[1]
        and one.known_from <= at
        and (one.known_to is AT_LAST or at < one.known_to)
    ]


@given(STATES, DAYS, HOURS, st.randoms(use_true_random=False))
def test_a_learner_on_any_day_as_known_at_any_instant(
    states: list[tuple[int, StudentStatisticsChanged]], day: int, hour: int, chance: object
) -> None:
    told = [
        Told(
            new_id(),
            f"0000000001.{number:019d}",
            START + timedelta(hours=at),
            state,
        )
        for number, (at, state) in enumerate(states)
    ]
    on, at = date(2026, 9, 1) + timedelta(days=day), START + timedelta(hours=hour)
    latest, known = START, []
    for one in told:
        latest = max(latest, one.at)
        if latest <= at:
            known.append((DAY_OF(latest), one.event))
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    found = list(LEARNERS.versions(CHILD, shuffled, DAY_OF))
    if not known:
        assert as_known(found, on, at) == []
        return
    state = [event for recorded, event in known if recorded <= max(on, known[0][0])][-1]
    newest = known[-1][1]
    limited = state.special_needs is not None and (state.special_needs_until or on) >= on
    needs = state.special_needs.value if state.special_needs and limited else None
    disability = state.disability and (state.disability_until or on) >= on
    languages = (None, None, '["английский", "немецкий"]')
    who = (newest.birth_date, newest.sex.value, state.citizenship, None)
    expected = (*who, *languages, needs, None, disability, None, None, None)
    assert as_known(found, on, at) == [expected]


@given(st.lists(st.tuples(HOURS, DAYS, DAYS), min_size=1, max_size=5), DAYS, HOURS)
def test_what_says_its_days_is_believed_as_told_last(states: list[tuple[int, int, int]], day: int, hour: int) -> None:
    first = date(2026, 9, 1)
    told = [
        Told(
            new_id(),
            f"0000000001.{number:019d}",
            START + timedelta(hours=at),
            StudyFormChanged(
                study_form_id=CHILD, student_id=CHILD, statistical_id=CHILD, organization_id=CHILD,
                kind=StudyFormKind.FAMILY, valid_from=first + timedelta(days=since),
                valid_to=first + timedelta(days=until),
            ),
        )
        for number, (at, since, until) in enumerate(states)
    ]  # fmt: skip
    on, at = first + timedelta(days=day), START + timedelta(hours=hour)
    latest, known = START, None
    for one in told:
        latest = max(latest, one.at)
        known = one.event if latest <= at else known
    stands = known is not None and known.valid_to is not None and known.valid_from <= on < known.valid_to
    assert len(as_known(list(STUDY_FORMS.versions(CHILD, told, DAY_OF)), on, at)) == int(stands)


def test_what_did_not_change_is_one_version() -> None:
    state = StudentStatisticsChanged(statistical_id=CHILD, birth_date=date(2016, 1, 1), sex=Sex.MALE, citizenship="643")
    told = [Told(new_id(), f"0000000001.{number:019d}", START + timedelta(days=number), state) for number in range(5)]
    (only,) = LEARNERS.versions(CHILD, told, DAY_OF)
    assert (only.known_from, only.known_to) == (START, AT_LAST)
