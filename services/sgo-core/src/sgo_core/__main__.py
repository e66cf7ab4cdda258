"""Command line of sgo-core."""

from servicekit.cli import build_cli
from sgo_core.bootstrap import SERVICE

if __name__ == "__main__":
    build_cli(SERVICE)()
