"""``python -m reporting``."""

from reporting.bootstrap import SERVICE
from servicekit.cli import build_cli

if __name__ == "__main__":
    build_cli(SERVICE)()
