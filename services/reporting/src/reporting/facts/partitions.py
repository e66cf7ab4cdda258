"""Partitions of facts, one an academic year, made ahead: a fact of a year without one is refused, never misplaced."""

from sqlalchemy import text

from servicekit.runtime import Runtime

YEARS_AHEAD = 2
_ENSURE = text("SELECT ensure_academic_year(CAST(:year AS integer))")


async def ensure_years_ahead(runtime: Runtime) -> None:
    """Make partitions from this calendar year on. The function belongs to the schema's owner and does nothing else."""
    this_year = runtime.clock.today().year
    async with runtime.uow() as uow:
        for year in range(this_year, this_year + YEARS_AHEAD + 1):
            await uow.session.execute(_ENSURE, {"year": year})
