"""``python -m sgo_journal``: the journal's command line."""

from servicekit.cli import build_cli
from sgo_journal.bootstrap import SERVICE

if __name__ == "__main__":
    build_cli(SERVICE)()
