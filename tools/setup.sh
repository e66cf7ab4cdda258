#!/usr/bin/env bash
# Creates .venv from the hash-locked requirements and adds the workspace packages to it, editable. Arguments: package folders.
set -euo pipefail
cd "$(dirname "$0")/.."

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

if ! python=$(find_python); then
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then
    echo "setup: installing python3 and python3-venv with the system's package manager"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates >/dev/null
    python=$(find_python)
  else
    echo "setup: Python 3.11–3.13 with venv is needed and could not be installed" >&2
    exit 1
  fi
fi

[ -x .venv/bin/python ] && .venv/bin/python -c 'import sys' 2>/dev/null || { rm -rf .venv; "$python" -m venv .venv; }
echo "setup: installing locked dependencies"
install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile "$@"; }
# The locks are complete: nothing is left to resolve. A pip of today takes half the time of the one in a distribution's venv.
install --require-hashes -r tools/pip.lock
install --require-hashes -r requirements.lock
.venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null &
editable=()
for folder in "$@"; do editable+=(-e "$folder"); done
install --no-build-isolation "${editable[@]}"
wait
