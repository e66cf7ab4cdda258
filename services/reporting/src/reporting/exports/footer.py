"""The footer every printed document carries: name of the subsystem, date of printing, who produced it (regulation 4.5)."""

from dataclasses import dataclass
from datetime import datetime

from asu_contracts.access import ROLE_TITLES
from servicekit.security import Principal

SUBSYSTEM = "АИС СГО"
_PAGE_LIMIT = 240  # Excel refuses page footers over 255 characters


@dataclass(frozen=True)
class Footer:
    """Who printed what, when. ``printed_at`` is in the region's time zone."""

    printed_at: datetime
    executor: str

    @classmethod
    def by(cls, principal: Principal, printed_at: datetime) -> "Footer":
        """Footer of a document made for a working position."""
        who = principal.name or f"учётная запись {principal.account_id}"
        return cls(printed_at, f"{who}, {ROLE_TITLES[principal.role]}")

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
