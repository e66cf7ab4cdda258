"""A small 1 April with a killed service and a killed PostgreSQL: ``make surge`` of a few senders."""

from bench.surge.replay import replay
from bench.surge.report import figures, table

SENDERS = 200


async def test_nobody_is_lost_doubled_or_put_before_another() -> None:
    result = await replay(SENDERS, 1, 7, durable=False)
    told = figures(result, 7, 1)
    assert told["differences"] == []
    assert told["receipts"] == told["children"]
    assert told["sendings"] == 3 * SENDERS
    assert set(told["outage_seconds"]) == {"служба", "PostgreSQL"}
    assert sum(told["errors"].values()) > 0, "nobody noticed the kills"
    assert "Расхождений" in table(told)
