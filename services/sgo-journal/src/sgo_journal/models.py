"""Every table of the journal, gathered for its migrations."""

import orgdirectory
from sgo_journal.base import Base
from sgo_journal.lessons import model as lessons
from sgo_journal.rosters import model as rosters

__all__ = ["lessons", "metadata", "rosters"]

metadata = Base.metadata
orgdirectory.attach(metadata)
