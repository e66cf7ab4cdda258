"""Errors of the movement of students."""

from enum import StrEnum

from servicekit.errors import DomainError, Kind


class Refusal(StrEnum):
    """Why a student cannot be enrolled."""

    GROUP_NOT_FOUND = "group_not_found"
    GROUP_FULL = "group_full"
    ALREADY_MEMBER = "already_member"
    ORGANIZATION_CLOSED = "organization_closed"


class MovementsRefusedError(DomainError):
    """Some lines of the request cannot be carried out; ``errors`` say which, nothing was written."""

    code = "movements.refused"
    kind = Kind.CONFLICT
    title = "Движение не может быть проведено"
