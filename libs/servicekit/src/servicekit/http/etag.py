"""Versions of objects as entity tags: ``ETag`` on reads, ``If-Match`` on edits."""

from typing import Annotated

from fastapi import Depends, Header

from servicekit.errors import DomainError, Kind


class IfMatchRequiredError(DomainError):
    """An edit came without the version it was made from."""

    code = "if-match-required"
    kind = Kind.PRECONDITION_REQUIRED
    title = "Не указана версия изменяемых данных (заголовок If-Match)"


class IfMatchInvalidError(DomainError):
    """``If-Match`` is not a version of ours."""

    code = "if-match-invalid"
    kind = Kind.BAD_REQUEST
    title = "Неверный заголовок If-Match"


_MAX_DIGITS = 9


def etag(version: int) -> str:
    """Entity tag of a version."""
    return f'"{version}"'


async def _parse(if_match: Annotated[str | None, Header(description='Версия в кавычках, например "3"')] = None) -> int:
    if if_match is None:
        raise IfMatchRequiredError
    # A gateway that compresses an answer weakens its tag; the version it names is the same.
    text = if_match.strip().removeprefix("W/").removeprefix('"').removesuffix('"')
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise IfMatchInvalidError
    return int(text)


IfMatch = Annotated[int, Depends(_parse)]
"""Version the edit was made from; compare it in the UPDATE's WHERE and raise ``VersionMismatchError``."""
