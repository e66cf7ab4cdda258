"""Tables of exam results, loaded as people load them."""

from typing import Any

from httpx import Response

from reporting.exams.table import COLUMNS
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

GIVEN = {
    "exam": "ОГЭ", "subject": "Математика", "grade": "9", "date": "03.06.2026", "participants": "20", "twos": "2", "threes": "8",
    "fours": "6", "fives": "4", "mean_score": "14,5",
}  # fmt: skip


def table(*rows: dict[str, Any]) -> bytes:
    """A CSV of rows; what a row does not say is as in ``GIVEN``."""
    lines = [";".join(COLUMNS.values())]
    lines += [";".join(str({**GIVEN, **row}.get(name, "")) for name in COLUMNS) for row in rows]
    return "\r\n".join(lines).encode("cp1251")


async def load(service: ServiceUnderTest, headers: dict[str, str], content: bytes, *, trial: bool = False) -> Response:
    return await service.client.post(
        "/exam-imports",
        files={"file": ("результаты.csv", content)},
        data={"trial": str(trial).lower()},
        headers={**headers, "Idempotency-Key": str(new_id())},
    )
