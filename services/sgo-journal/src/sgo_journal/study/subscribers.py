"""Core's settings of study, kept as they were last told."""

from asu_contracts.core import (
    BellScheduleChanged,
    BuildingChanged,
    CalendarChanged,
    ReferenceEntryChanged,
    RoomChanged,
    SubjectChanged,
)
from servicekit.messaging import Handlers
from sgo_journal.copies import kept_in
from sgo_journal.study.model import BellSchedule, Building, Calendar, ReferenceEntry, Room, Subject

HANDLERS = (
    Handlers()
    .on(SubjectChanged, kept_in(Subject))
    .on(BuildingChanged, kept_in(Building))
    .on(RoomChanged, kept_in(Room))
    .on(BellScheduleChanged, kept_in(BellSchedule))
    .on(CalendarChanged, kept_in(Calendar))
    .on(ReferenceEntryChanged, kept_in(ReferenceEntry))
)
