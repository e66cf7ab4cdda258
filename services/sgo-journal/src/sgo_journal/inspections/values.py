"""What a remark is about, and how it goes from being found to being cleared."""

from enum import StrEnum

from sgo_journal.closings.gaps import Gap


class RemarkKind(StrEnum):
    """What a remark is about: what the check list finds by itself, and what only a person sees."""

    TOPIC = Gap.TOPIC.value
    ATTENDANCE = Gap.ATTENDANCE.value
    HOMEWORK = Gap.HOMEWORK.value
    TOTAL = Gap.TOTAL.value
    DEBT = Gap.DEBT.value
    MARKS = "marks"
    PROGRAMME = "programme"
    OTHER = "other"


KIND_TITLES = {
    RemarkKind.TOPIC: "тема урока",
    RemarkKind.ATTENDANCE: "посещаемость",
    RemarkKind.HOMEWORK: "домашнее задание",
    RemarkKind.TOTAL: "итоговые отметки",
    RemarkKind.DEBT: "долги",
    RemarkKind.MARKS: "текущие отметки",
    RemarkKind.PROGRAMME: "выполнение программы",
    RemarkKind.OTHER: "другое",
}

FOUND_TEXTS = {
    Gap.TOPIC: "Не записана тема урока",
    Gap.ATTENDANCE: "Не отмечена посещаемость",
    Gap.HOMEWORK: "Не записано домашнее задание",
    Gap.TOTAL: "Нет итоговой отметки",
    Gap.DEBT: "Не закрыт долг",
}


class State(StrEnum):
    """Where a remark is: found by the check list, to be mended, said to be mended, cleared; or never made, or taken back."""

    PROPOSED = "proposed"
    OPEN = "open"
    MENDED = "mended"
    CLEARED = "cleared"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    State.PROPOSED: "найдено, не решено",
    State.OPEN: "не устранено",
    State.MENDED: "учитель сообщил об устранении",
    State.CLEARED: "устранено",
    State.DISMISSED: "отклонено",
    State.WITHDRAWN: "снято",
}
MADE = (State.OPEN, State.MENDED, State.CLEARED)
"""Remarks that a teacher is told of."""
STANDING = (State.OPEN, State.MENDED)
"""Remarks that wait for somebody."""


class Step(StrEnum):
    """What an inspector decides on remarks."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    CLEAR = "clear"
    RETURN = "return"
    WITHDRAW = "withdraw"


STEPS = {
    Step.CONFIRM: ((State.PROPOSED,), State.OPEN),
    Step.DISMISS: ((State.PROPOSED,), State.DISMISSED),
    Step.CLEAR: ((State.OPEN, State.MENDED), State.CLEARED),
    Step.RETURN: ((State.MENDED, State.CLEARED), State.OPEN),
    Step.WITHDRAW: ((State.OPEN, State.MENDED), State.WITHDRAWN),
}
"""From which states each goes, and to which."""
