"""How the movement book names its lines."""

KIND_TITLES: dict[str, str] = {
    "enrolled": "зачислен",
    "restored": "восстановлен",
    "transferred_between_groups": "переведён в другой класс (группу)",
    "transferred_between_organizations": "переведён в другую организацию",
    "promoted": "переведён в следующий класс",
    "repeated": "оставлен на повторное обучение",
    "academic_leave_started": "предоставлен академический отпуск",
    "academic_leave_ended": "вышел из академического отпуска",
    "graduated": "окончил обучение",
    "departed": "выбыл",
    "cancelled": "отменено приказом",
}
_ARRIVED = "переведён из другой организации"


def kind_title(kind: str, *, opens: bool, closes: bool) -> str:
    """The title of a line by its kind and by whether it opened a placement or closed one."""
    if kind == "transferred_between_organizations" and opens and not closes:
        return _ARRIVED
    return KIND_TITLES.get(kind, kind)
