"""Writes what empty servers need before the first rollout: databases, broker definitions, Secrets.

``python -m deploy.k8s.prepare --postgres HOST[:PORT] --rabbitmq HOST[:PORT] --out FOLDER``. Passwords and keys are made once and
kept in ``secrets.json`` of the folder: the same command writes the same again, and after a new version the new definitions.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from devstack.credentials import Credentials
from devstack.environment import VHOST, Environments
from devstack.osuser import make_folder, write_file
from devstack.services import SERVICES
from servicekit.messaging.definitions import build
from servicekit.migrations import provision

_SECRETS = (
    "ASU_DATABASE_URL",
    "ASU_DATABASE_DIRECT_URL",
    "ASU_AMQP_URL",
    "ASU_FIELD_KEYS",
    "ASU_HASH_KEY",
    "ASU_TRANSPORT_KEYS",
)
_OWNER = "ASU_DATABASE_OWNER_URL"


def prepare(folder: Path, postgres: str, rabbitmq: tuple[str, int]) -> None:
    """Fill ``folder``, closed to others: ``databases.sql``, ``definitions.json``, ``<short>-{secrets,owner}.env``, ``keys/``."""
    make_folder(folder)
    credentials = Credentials(folder)
    # The ports of the processes are the ConfigMap's affair: only what a Secret holds is taken from an environment.
    environments = Environments(credentials, folder, f"postgresql://{postgres}", rabbitmq, {"auth-api": 0})
    write_file(
        folder / "databases.sql",
        provision.script({one.short: environments.database_passwords(one.short) for one in SERVICES}),
    )
    passwords = {spec.service: environments.broker_password(spec.service) for spec in SERVICES}
    definitions = build([spec.topology() for spec in SERVICES], passwords, VHOST)
    write_file(folder / "definitions.json", json.dumps(definitions, indent=1) + "\n")
    for spec in SERVICES:
        values = environments.of(spec, "migrate")
        lines = [f"{name}={values[name]}\n" for name in _SECRETS if name in values]
        write_file(folder / f"{spec.short}-secrets.env", "".join(lines))
        write_file(folder / f"{spec.short}-owner.env", f"{_OWNER}={values[_OWNER]}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s.prepare", description=__doc__)
    parser.add_argument("--postgres", required=True, metavar="HOST[:PORT]")
    parser.add_argument("--rabbitmq", required=True, metavar="HOST[:PORT]")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    host, _, port = given.rabbitmq.partition(":")
    prepare(given.out, given.postgres, (host, int(port or 5672)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
