"""Missing servers from the system's package manager: nothing of it starts by itself, no default cluster is made."""

import os
import subprocess
import sys
from collections.abc import Sequence

from devstack.errors import StackError
from devstack.osuser import base_environment
from servicekit.testing import find

# Runs as root. The two files that keep packages quiet are put aside again whatever happens.
_SCRIPT = """\
set -eu
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/asu-stack.conf
restore() {
  rm -f "$policy" "$cluster"
  if [ -e "$policy.asu-saved" ]; then mv "$policy.asu-saved" "$policy"; fi
}
trap restore EXIT
trap 'exit 1' HUP INT TERM
if [ -e "$policy" ] && [ ! -e "$policy.asu-saved" ]; then mv "$policy" "$policy.asu-saved"; fi
printf '#!/bin/sh\\nexit 101\\n' >"$policy"
chmod 755 "$policy"
mkdir -p "${cluster%/*}"
echo 'create_main_cluster = false' >"$cluster"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
if command -v systemctl >/dev/null; then  # nor with the next start of the machine
  for package in "$@"; do systemctl disable --quiet "${package%-light}.service" || true; done
fi
"""


def can_install() -> bool:
    """Whether there is apt-get and the right to use it."""
    return find.program("apt-get") is not None and (os.geteuid() == 0 or find.program("sudo") is not None)


def install(packages: Sequence[str]) -> None:
    """Install Debian packages as root or through sudo; raises ``StackError`` with the package manager's last words."""
    command = ["/bin/sh", "-c", _SCRIPT, "sh", *packages]
    if os.geteuid() != 0:
        # Without a terminal nobody can type a password.
        command = ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]
    result = subprocess.run(
        command, env=base_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if result.returncode != 0:
        words = " ".join(packages)
        raise StackError(f"Не удалось установить пакеты ({words}): {result.stderr.strip()[-500:]}")
