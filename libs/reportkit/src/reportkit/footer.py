"""The footer every printed document carries: name of the subsystem, date of printing, who produced it (regulation 4.5)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from asu_contracts.access import ROLE_TITLES, Role

_LINES = ("Подсистема: ", "Дата печати: ", "Исполнитель: ")


class Subsystem(StrEnum):
    """A part of АСУ СО as the regulation names it."""

    SGO = "АИС СГО"
    EU = "АИС ЕУ"


class Executor(Protocol):
    """Who prints: a caller in one working position."""

    @property
    def account_id(self) -> str: ...

    @property
    def role(self) -> Role: ...

    @property
    def name(self) -> str | None: ...


@dataclass(frozen=True)
class Footer:
    """Who printed what, when. ``printed_at`` is in the region's time zone."""

    printed_at: datetime
    executor: str
    subsystem: Subsystem = Subsystem.SGO

    @classmethod
    def by(cls, executor: Executor, printed_at: datetime, subsystem: Subsystem = Subsystem.SGO) -> "Footer":
        """Footer of a document made for a working position."""
        who = executor.name or f"учётная запись {executor.account_id}"
        return cls(printed_at, f"{who}, {ROLE_TITLES[executor.role]}", subsystem)

    @staticmethod
    def holds(text: str) -> bool:
        """Whether a text is one of the lines that end a document: a table that comes back has them below its rows."""
        return text.startswith(_LINES)

    def lines(self) -> tuple[str, str, str]:
        """Subsystem, date, executor: the lines that end a document."""
        return (
            f"{_LINES[0]}{self.subsystem}",
            f"{_LINES[1]}{self.printed_at:%d.%m.%Y %H:%M}",
            f"{_LINES[2]}{self.executor}",
        )
