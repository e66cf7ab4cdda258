"""``python -m sgo_journal``: the journal's command line."""

from servicekit.cli import build_cli
from servicekit.sealing.commands import add_commands
from sgo_journal.bootstrap import SERVICE
from sgo_journal.sealing import RECORD_CHANGES

cli = build_cli(SERVICE)
add_commands(cli, SERVICE, [RECORD_CHANGES])

if __name__ == "__main__":
    cli()
