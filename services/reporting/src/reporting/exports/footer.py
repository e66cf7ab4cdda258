"""The footer every printed document carries: name of the subsystem, date of printing, who produced it (regulation 4.5)."""

from dataclasses import dataclass
from datetime import datetime

from asu_contracts.access import Role

SUBSYSTEM = "АИС СГО"
_PAGE_LIMIT = 240  # Excel refuses page footers over 255 characters

_POSITIONS = {
    Role.REGION_ADMIN: "администратор региона",
    Role.MUNICIPALITY_OPERATOR: "оператор муниципального образования",
    Role.ORGANIZATION_ADMIN: "администратор организации",
}


@dataclass(frozen=True)
class Footer:
    """Who printed what, when. ``printed_at`` is in the region's time zone."""

    printed_at: datetime
    executor: str

    @classmethod
    def by(cls, role: Role, account_id: str, printed_at: datetime) -> "Footer":
        """Footer of a document made for a working position."""
        return cls(printed_at, f"{_POSITIONS.get(role, role.value)}, учётная запись {account_id}")

    def lines(self) -> tuple[str, str, str]:
        """Lines that end the document."""
        return (
            f"Подсистема: {SUBSYSTEM}",
            f"Дата печати: {self.printed_at:%d.%m.%Y %H:%M}",
            f"Исполнитель: {self.executor}",
        )

    def page(self) -> str:
        """The same in Excel's page footer language, for every printed page."""
        text = " · ".join(self.lines()).replace("&", "&&")
        return f"&L&8{text[:_PAGE_LIMIT]}&R&8&P/&N"
