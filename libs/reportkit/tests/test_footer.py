from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from asu_contracts.access import ROLE_TITLES, Role
from reportkit.footer import Footer, Subsystem
from reportkit.xlsx import page_footer

MOMENT = datetime(2026, 9, 1, 9, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Worker:
    account_id: str = "0199"
    role: Role = Role.TEACHER
    name: str | None = "Образцова Мария Ивановна"


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_position_to_print(role: Role) -> None:
    assert Footer.by(Worker(role=role), MOMENT).executor == f"Образцова Мария Ивановна, {ROLE_TITLES[role]}"


def test_lines_name_the_subsystem_the_day_and_the_executor() -> None:
    assert Footer.by(Worker(), MOMENT, Subsystem.EU).lines() == (
        "Подсистема: АИС ЕУ",
        "Дата печати: 01.09.2026 09:05",
        "Исполнитель: Образцова Мария Ивановна, педагогический работник",
    )


def test_who_has_no_name_is_named_by_the_account() -> None:
    assert Footer.by(Worker(name=None), MOMENT).executor == "учётная запись 0199, педагогический работник"


@pytest.mark.parametrize("length", range(60, 200))
def test_page_footer_escapes_and_fits(length: int) -> None:
    text = page_footer(Footer(MOMENT, "&" * length))
    assert len(text) <= 255
    assert text.removeprefix("&L&8").removesuffix("&R&8&P/&N").count("&") % 2 == 0
