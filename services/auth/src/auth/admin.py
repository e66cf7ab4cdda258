"""``create-admin``: the region's first administrator, made where the service is installed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from asu_contracts.access import Role, Unit, UnitKind
from auth.accounts import service as accounts
from auth.accounts.schemas import Login
from auth.bootstrap import SERVICE
from auth.grants import service as grants
from auth.passwords import WeakPasswordError, check_policy
from auth.runtime import AuthRuntime
from servicekit import audit
from servicekit.cli import carry_out
from servicekit.errors import DomainError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_OPERATOR = Principal("cli", Role.REGION_ADMIN, Unit(kind=UnitKind.REGION), None, None, datetime.fromtimestamp(0, UTC))
"""Whoever has a shell on the installation, as the audit trail names them."""
_DISPLAY_NAME = "Администратор региона"


async def ensure_admin(uow: UnitOfWork, runtime: AuthRuntime, login: str, password: str) -> bool:
    """Make the account hold the region's administration under this password; false if it did already."""
    check_policy(password, login)
    account = await accounts.by_login(uow, login)
    if account is None:
        password_hash = await runtime.passwords.hash(password)
        account = await accounts.open_with_password(
            uow, login=login, display_name=_DISPLAY_NAME, password_hash=password_hash, by=_OPERATOR.account_id
        )
        action = "account.opened"
    else:
        account = await accounts.lock(uow, account.id)
        same = await runtime.passwords.verify(account.password_hash, password)
        if same and not account.must_change_password and await grants.is_region_admin(uow, account.id):
            return False
        if not same or account.must_change_password:
            accounts.set_password(uow, account, await runtime.passwords.hash(password))
        action = "account.password.changed"
    await grants.ensure_region_admin(uow, account.id, _OPERATOR.account_id)
    await audit.record(uow, _OPERATOR, action, [account.id])
    return True


def create_admin(
    login: Annotated[str, typer.Option(help="Логин: латинские буквы, цифры и ._@-")],
    password_file: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Файл, первая строка которого пароль")
    ],
) -> None:
    """Создать администратора региона или вернуть ему пароль и права; повторный запуск ничего не меняет."""
    try:
        login = TypeAdapter(Login).validate_python(login)
    except ValidationError:
        typer.echo("Логин: от 3 до 64 латинских букв, цифр и знаков ._@-", err=True)
        raise typer.Exit(2) from None
    password = password_file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")

    async def ensure(runtime: AuthRuntime) -> bool:
        async with runtime.uow() as uow:
            return await ensure_admin(uow, runtime, login, password)

    try:
        changed = carry_out(SERVICE, ensure)
    except WeakPasswordError as error:
        for rule in error.errors:
            typer.echo(rule.title, err=True)
        raise typer.Exit(2) from None
    except DomainError as error:
        typer.echo(error.title, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Администратор региона {login}: " + ("готов" if changed else "уже есть, ничего не изменено"))
