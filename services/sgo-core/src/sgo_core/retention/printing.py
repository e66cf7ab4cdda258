"""The destruction act as a document (order of Roskomnadzor № 179 of 28.10.2022): cards by number, no names."""

from collections.abc import Sequence
from typing import Any

from reportkit.footer import Footer
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.printing import years
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.organizations import service as organizations
from sgo_core.printing import PRINTER
from sgo_core.retention import repository
from sgo_core.retention.model import DestructionAct, DestructionLine
from sgo_core.retention.service import LINES
from sgo_core.retention.terms import rules_of

_KINDS = {"student": "обучающийся", "guardian": "законный представитель", "worker": "работник"}
_CAUSES = {
    "withdrawal": "отзыв согласия",
    "expiry": "истечение срока согласия",
    "request": "требование субъекта",
}
_OUTCOMES = {
    "destroyed": "уничтожено",
    "blocked": "заблокировано: есть иное основание",
    "held": "не уничтожено: запрет",
    "returned": "не уничтожено: срок не истёк",
    "nothing": "уничтожать нечего",
    None: "подлежит уничтожению",
}


async def act_pdf(uow: UnitOfWork, principal: Principal, act: DestructionAct) -> bytes:
    """An act as PDF."""
    organization = (await organizations.by_ids(uow, [act.organization_id]))[act.organization_id]
    lines = await repository.lines(uow.session, act.id, LINES, 0)
    data = {
        "organization": organization.full_name,
        "address": organization.legal_address["text"],
        "number": act.number,
        "date": f"{act.date:%d.%m.%Y}",
        "selected_on": f"{act.selected_on:%d.%m.%Y}",
        "done_on": None if act.done_at is None else f"{uow.clock.date_of(act.done_at):%d.%m.%Y}",
        "commission": [[one["post"], one["name"]] for one in act.commission],
        "rules": _rules(lines),
        "lines": [_line(one) for one in lines],
        "total": str(sum(1 for one in lines if one.outcome == "destroyed")),
    }
    return await PRINTER.render("destruction-act", data, Footer.by(principal, uow.now.astimezone(uow.clock.zone)))


def _rules(lines: Sequence[DestructionLine]) -> list[list[Any]]:
    used = {
        rule for line in lines if line.cause == "term" for rule in rules_of(CardKind(line.subject_kind), line.fields)
    }
    found = []
    for code, rule in CATALOGUE.retention.items():
        if code in used:
            found.append([rule.title, years(rule.years) if rule.years else "30 дней после выбытия", rule.basis])
    return found


def _line(line: DestructionLine) -> list[str]:
    kind = CardKind(line.subject_kind)
    kept = CATALOGUE.kept_of(kind)
    what = line.fields if line.destroyed is None or not line.destroyed else line.destroyed
    categories = sorted({CATALOGUE.categories[kept[name].category] for name in what})
    rules = ", ".join(CATALOGUE.retention[rule].title for rule in rules_of(kind, line.fields))
    why = f"истёк срок: {rules}" if line.cause == "term" else _CAUSES[line.cause]
    return [
        str(line.number),
        f"{_KINDS[line.subject_kind]}, карточка № {str(line.subject_id)[-12:]}",
        f"{'; '.join(categories)} (полей: {len(what)})",
        why,
        _OUTCOMES[line.outcome],
    ]
