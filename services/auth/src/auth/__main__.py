"""``python -m auth``."""

from auth.admin import create_admin
from auth.bootstrap import SERVICE
from servicekit.cli import build_cli

cli = build_cli(SERVICE)
cli.command()(create_admin)

if __name__ == "__main__":
    cli()
