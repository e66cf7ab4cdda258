"""The run that builds a form in the worker."""

from typing import Any

from pydantic import TypeAdapter

from reporting.builds import service
from reporting.builds.service import Order
from reporting.ingest import service as ingest
from servicekit.runs import RunContext

KIND = "report"
_ORDER = TypeAdapter(Order)


def params(order: Order) -> dict[str, Any]:
    """An order as a run's parameters."""
    dumped: dict[str, Any] = _ORDER.dump_python(order, mode="json")
    return dumped


async def build_report(context: RunContext) -> None:
    """Build over one snapshot of facts and log, and finish the run in the same transaction."""
    order = _ORDER.validate_python(dict(context.params))
    async with context.runtime.uow() as uow:
        await uow.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        async with ingest.snapshot(uow.session, context.runtime.engine) as log_position:
            report_id = await service.build(uow, order, log_position)
        await context.succeed(uow, {"report_id": str(report_id)})
