"""What each kind of act needs and does (ГК РФ, статьи 57–61; Федеральный закон № 273-ФЗ, статья 22)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ActKind:
    """How many organizations it joins and makes; whether the predecessors are closed; whether the successors take their place.

    ``changes`` names the parts of the plan that alter a card, ``moves``: whether it moves anybody.
    """

    title: str
    predecessors: tuple[int, int]
    successors: tuple[int, int]
    closes: bool = False
    succeeds: bool = False
    moves: bool = True
    changes: str | None = None


_MANY = 50

KINDS: Mapping[str, ActKind] = {
    "merger": ActKind("Слияние", (2, _MANY), (1, 1), closes=True, succeeds=True),
    "accession": ActKind("Присоединение", (1, _MANY), (1, 1), closes=True, succeeds=True),
    "division": ActKind("Разделение", (1, 1), (2, _MANY), closes=True, succeeds=True),
    "separation": ActKind("Выделение", (1, 1), (1, _MANY), succeeds=True),
    "liquidation": ActKind("Ликвидация", (1, _MANY), (0, _MANY), closes=True),
    "transformation": ActKind("Преобразование", (1, 1), (0, 0), moves=False, changes="values"),
    "rename": ActKind("Переименование", (1, 1), (0, 0), moves=False, changes="values"),
    "founder_change": ActKind("Смена учредителя", (1, 1), (0, 0), moves=False, changes="founder_id"),
    "branch_transfer": ActKind("Передача филиала", (1, 1), (0, 0), moves=False, changes="head_id"),
}

RENAMED = frozenset({"full_name", "short_name"})
"""All that a renaming may change; a transformation changes any field of the card."""
