"""What the registry's refusals mean, in words, and what an operator can do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from asu_contracts.core import RejectionReason


@dataclass(frozen=True)
class Explained:
    """A refusal in words, and the next steps that make sense, most likely first."""

    title: str
    actions: tuple[str, ...]


_ANEW = "Проверьте заявление и верните его в очередь: место будет предоставлено заново"
_DECLINE = "Освободите место, если семья от него отказывается"

EXPLAINED: Mapping[RejectionReason, Explained] = {
    RejectionReason.GROUP_NOT_FOUND: Explained("Группы (класса) на дату зачисления в реестре нет", (_ANEW,)),
    RejectionReason.GROUP_FULL: Explained("В группе (классе) не осталось свободных мест", (_ANEW,)),
    RejectionReason.ORGANIZATION_CLOSED: Explained("Организация прекратила деятельность", (_ANEW,)),
    RejectionReason.YEAR_CLOSED: Explained("Учебный год в организации закрыт", (_ANEW,)),
    RejectionReason.ALREADY_MEMBER: Explained(
        "Ребёнок числится в контингенте другой организации",
        (
            "Попросите прежнюю организацию оформить выбытие или перевод, затем издайте новый приказ",
            _DECLINE,
        ),
    ),
    RejectionReason.NOT_RELEASED: Explained(
        "Прежняя организация ещё не отчислила ребёнка: ей направлен запрос о переводе",
        ("Дождитесь приказа прежней организации об отчислении, затем издайте новый приказ", _DECLINE),
    ),
    RejectionReason.CHILD_DIFFERS: Explained(
        "Сведения о ребёнке расходятся с его карточкой в реестре",
        ("Сверьте документы с семьёй, исправьте карточку или заявление, затем издайте новый приказ", _DECLINE),
    ),
    RejectionReason.GUARDIAN_DIFFERS: Explained(
        "Сведения о представителе расходятся с его карточкой в реестре",
        ("Сверьте документы представителя, исправьте карточку или заявление, затем издайте новый приказ", _DECLINE),
    ),
    RejectionReason.REVOKED: Explained("Приказ о зачислении аннулирован", ("Издайте новый приказ", _DECLINE)),
    RejectionReason.UNREADABLE: Explained(
        "Реестр не прочитал сведения о зачислении", ("Издайте новый приказ; если не поможет, обратитесь в поддержку",)
    ),
    RejectionReason.UNKNOWN: Explained(
        "Реестр вернул зачисление по неизвестной причине", ("Обратитесь в поддержку, затем издайте новый приказ",)
    ),
}


def explained(code: str | None) -> Explained | None:
    """The refusal a note of attention stands for, if it is one."""
    return EXPLAINED[RejectionReason(code)] if code in set(RejectionReason) else None
