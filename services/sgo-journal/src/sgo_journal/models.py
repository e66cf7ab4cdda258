"""Every table of the journal, gathered for its migrations."""

import orgdirectory
from sgo_journal.base import Base
from sgo_journal.lessons import model as lessons
from sgo_journal.rosters import model as rosters
from sgo_journal.staff import model as staff
from sgo_journal.study import model as study

__all__ = ["lessons", "metadata", "rosters", "staff", "study"]

metadata = Base.metadata
orgdirectory.attach(metadata)
