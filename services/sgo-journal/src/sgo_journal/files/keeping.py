"""The job of the store: uploads that nobody attached are forgotten, files that no row stands for are gone."""

from servicekit import uploads
from servicekit.jobs import Job
from servicekit.runtime import Runtime
from sgo_journal.files import repository
from sgo_journal.files.service import FOLDER

_HOUR = 3600.0


async def sweep(runtime: Runtime) -> None:
    """Sweep the journal's files."""
    await uploads.sweep(runtime, FOLDER, repository)


JOB = Job("files.sweep", _HOUR, sweep)
