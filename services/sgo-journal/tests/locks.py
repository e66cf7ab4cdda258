"""Two transactions at once, one waiting for the other."""

from servicekit.testing.worker import eventually

from .factories import School


async def waiting(school: School) -> None:
    """Until somebody waits for a lock that another holds."""

    async def blocked() -> bool | None:
        query = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(await school.service.fetch(query)) or None

    await eventually(blocked, 10)
