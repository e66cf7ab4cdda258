"""Every table of the journal, gathered for its migrations."""

import orgdirectory
from servicekit.outward.model import attach
from sgo_journal import sealing
from sgo_journal.absence_notices import model as absence_notices
from sgo_journal.alerts import model as alerts
from sgo_journal.archives import model as archives
from sgo_journal.assessments import model as assessments
from sgo_journal.base import Base
from sgo_journal.class_events import model as class_events
from sgo_journal.closings import model as closings
from sgo_journal.courses import model as courses
from sgo_journal.daycare import model as daycare
from sgo_journal.diary import model as diary
from sgo_journal.feeds import model as feeds
from sgo_journal.files import model as files
from sgo_journal.homework import model as homework
from sgo_journal.inspections import model as inspections
from sgo_journal.journals import model as journals
from sgo_journal.lessons import model as lessons
from sgo_journal.marks import model as marks
from sgo_journal.notices import model as notices
from sgo_journal.plans import model as plans
from sgo_journal.rosters import model as rosters
from sgo_journal.scales import model as scales
from sgo_journal.settings import model as settings
from sgo_journal.staff import model as staff
from sgo_journal.study import model as study
from sgo_journal.substitutions import model as substitutions
from sgo_journal.switches import model as switches
from sgo_journal.timetable import model as timetable
from sgo_journal.totals import model as totals
from sgo_journal.transfers import model as transfers

__all__ = [
    "absence_notices",
    "alerts",
    "archives",
    "assessments",
    "class_events",
    "closings",
    "courses",
    "daycare",
    "diary",
    "feeds",
    "files",
    "homework",
    "inspections",
    "journals",
    "lessons",
    "marks",
    "metadata",
    "notices",
    "plans",
    "rosters",
    "scales",
    "sealing",
    "settings",
    "staff",
    "study",
    "substitutions",
    "switches",
    "timetable",
    "totals",
    "transfers",
]

metadata = Base.metadata
orgdirectory.attach(metadata)
attach(metadata)
