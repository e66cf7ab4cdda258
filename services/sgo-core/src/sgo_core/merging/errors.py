"""Refusals of merging cards and of undoing it."""

from collections.abc import Iterable, Mapping

from servicekit.errors import DomainError, FieldError, Kind


class SameCardError(DomainError):
    """A card cannot be merged into itself."""

    code = "merging.same-card"
    kind = Kind.INVALID
    title = "Указана одна и та же карточка"


class FieldChoiceError(DomainError):
    """A field that the card does not have, or that is empty in the card it is to be taken from."""

    code = "merging.field"
    kind = Kind.INVALID
    title = "Взять можно только заполненное поле присоединяемой карточки"


class SnilsDifferError(DomainError):
    """Both cards have a right СНИЛС, and they differ: two people, or one of the numbers is another person's."""

    code = "merging.snils-differ"
    kind = Kind.CONFLICT
    title = "В карточках разные СНИЛС: это разные люди либо укажите, в какой карточке СНИЛС ошибочен и почему"


class StaysOverlapError(DomainError):
    """The cards are in organizations at the same time: an order has to end one of the stays first."""

    code = "merging.stays-overlap"
    kind = Kind.CONFLICT
    title = (
        "По обеим карточкам человек числится в одно и то же время: сначала отмените лишнее зачисление (приём) приказом"
    )


class RecordsDifferError(DomainError):
    """Both cards have a record of the same thing, and they say different things; ``errors`` name the kinds of records."""

    code = "merging.records-differ"
    kind = Kind.CONFLICT
    title = "Записи карточек противоречат друг другу: сначала приведите их в соответствие"

    @classmethod
    def of(cls, differing: Mapping[str, Iterable[str]]) -> "RecordsDifferError":
        """Of some tables, with what differs in words where there are words for it."""
        return cls(
            errors=[
                FieldError(f"/body/{relation}", cls.code, word)
                for relation, words in sorted(differing.items())
                for word in tuple(words) or (cls.title,)
            ]
        )


class RecordFinalError(DomainError):
    """A record of the absorbed card may not be changed any more."""

    code = "merging.record-final"
    kind = Kind.CONFLICT
    title = "Одна из записей присоединяемой карточки не может быть перенесена"


class ProposedError(DomainError):
    """The same merge has been proposed already."""

    code = "merging.proposed"
    kind = Kind.CONFLICT
    title = "Такое объединение уже предложено и ждёт решения"


class MergeStateError(DomainError):
    """The step does not fit the state of the merge."""

    code = "merging.state"
    kind = Kind.CONFLICT
    title = "Объединение не в том состоянии: решают о предложенном, отменяют проведённое"


class SameProposerError(DomainError):
    """Who proposes does not agree for the other side."""

    code = "merging.same-person"
    kind = Kind.FORBIDDEN
    title = "Предложение подтверждает другой работник, не тот, кто его сделал"


class NotAskedError(DomainError):
    """Another side is asked."""

    code = "merging.not-asked"
    kind = Kind.FORBIDDEN
    title = "Решение принимает организация, в которой ведётся другая карточка, или вышестоящий орган"


class MergedFurtherError(DomainError):
    """A later merge stands on this one: that is undone first."""

    code = "merging.merged-further"
    kind = Kind.CONFLICT
    title = "Карточка объединена и с другой: сначала отмените более позднее объединение"


class ChangedSinceError(DomainError):
    """What the merge wrote has been changed since; ``errors`` name the fields or kinds of records."""

    code = "merging.changed-since"
    kind = Kind.CONFLICT
    title = "После объединения эти сведения изменены: разделить карточки как были уже нельзя"

    @classmethod
    def of(cls, names: Iterable[str]) -> "ChangedSinceError":
        """Of some fields or tables."""
        return cls(errors=[FieldError(f"/body/{one}", cls.code, cls.title) for one in sorted(set(names))])


class MovedSinceError(DomainError):
    """A stay of the absorbed card has been moved by an order since."""

    code = "merging.moved-since"
    kind = Kind.CONFLICT
    title = "После объединения движение по присоединённой карточке продолжено: разделить карточки уже нельзя"


class ErasedSinceError(DomainError):
    """Data of the person was erased since: nothing brings it back."""

    code = "merging.erased-since"
    kind = Kind.CONFLICT
    title = "После объединения часть сведений уничтожена: разделить карточки как были уже нельзя"
