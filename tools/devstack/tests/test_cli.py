"""The command line where nothing runs: it says so, changes nothing, and its exit code tells."""

import pytest
from typer.testing import CliRunner

from devstack.__main__ import cli
from devstack.instance import Instance, checkout

NAME = "never-started"


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (["status"], "Стенд остановлен"),
        (["logs"], "Нет журналов"),
        (["kill", "core-api"], "Нет процесса «core-api»"),
        (["env", "gateway"], "ещё не запускался"),
        (["env", "core"], "ещё не запускался"),
    ],
)
def test_stack_that_never_ran(command: list[str], text: str) -> None:
    result = CliRunner().invoke(cli, [*command, "--instance", NAME])

    assert result.exit_code == 1
    assert text in result.output
    assert not Instance(NAME, checkout() / ".local").home.exists()


def test_bad_name() -> None:
    result = CliRunner().invoke(cli, ["up", "--instance", "../x"])

    assert result.exit_code == 1
    assert "Имя экземпляра" in result.output
