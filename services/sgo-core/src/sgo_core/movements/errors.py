"""Errors of the movement of students."""

from enum import StrEnum

from servicekit.errors import DomainError, Kind


class Refusal(StrEnum):
    """Why a student cannot be enrolled."""

    GROUP_NOT_FOUND = "group_not_found"
    GROUP_FULL = "group_full"
    ALREADY_MEMBER = "already_member"
    NOT_RELEASED = "not_released"
    ORGANIZATION_CLOSED = "organization_closed"
    YEAR_CLOSED = "year_closed"


class MovementsRefusedError(DomainError):
    """Some lines of the request cannot be carried out; ``errors`` say which, nothing was written."""

    code = "movements.refused"
    kind = Kind.CONFLICT
    title = "Движение не может быть проведено"


class OrderStandsError(DomainError):
    """Something later stands on the order, so it can be undone no more."""

    code = "orders.stands"
    kind = Kind.CONFLICT
    title = "Приказ нельзя отменить: после него движение этих обучающихся уже менялось или в классе (группе) нет мест"


class OrderStateError(DomainError):
    """The step does not fit the state of the order."""

    code = "orders.state"
    kind = Kind.CONFLICT
    title = "Приказ не в том состоянии: проект проверяют, проверенный подписывают, подписанный не меняют"


class SamePersonError(DomainError):
    """Who drafts an order does not check it."""

    code = "orders.same-person"
    kind = Kind.FORBIDDEN
    title = "Проект приказа проверяет другой работник, не тот, кто его составил"


class OrderNumberError(DomainError):
    """Another signed order has this number and date."""

    code = "orders.number-taken"
    kind = Kind.CONFLICT
    title = "Приказ с таким номером и датой уже есть"


class SignedOutsideError(DomainError):
    """An outside signature stands under the order: what is signed is not mended."""

    code = "orders.signed-outside"
    kind = Kind.CONFLICT
    title = "Под приказом стоит электронная подпись: вернуть его на доработку нельзя, отзовите приказ и составьте новый"


class NotCancellableError(DomainError):
    """Only a signed order is cancelled, once, and a cancelling one never."""

    code = "orders.not-cancellable"
    kind = Kind.CONFLICT
    title = "Отменить можно только подписанный и ещё не отменённый приказ"


class NotMainOfficeError(DomainError):
    """The card of a child is kept by the organization of the main place of study; others of the child's read it."""

    code = "students.main-office-keeps"
    kind = Kind.FORBIDDEN
    title = "Карточку обучающегося ведёт организация, где он учится по основной программе"
