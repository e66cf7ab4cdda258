#!/usr/bin/env bash
# Re-locks: resolves the workspace once with uv and exports hash-locked requirements, one for development and one per service.
# Needs uv on PATH (pip install uv). uv.lock is not committed: it carries download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
uv lock --quiet "$@"
export_lock() { uv export --quiet --frozen --format requirements-txt --no-emit-workspace --no-header --no-annotate "$@"; }
export_lock --all-packages --all-groups --no-group render --all-extras -o requirements.lock
for service in services/*/; do
  name=$(basename "$service")
  export_lock --package "$name" --no-dev --no-default-groups -o "$service/requirements.lock" >/dev/null
done
export_lock --only-group build -o deploy/build.lock >/dev/null
export_lock --only-group render -o deploy/k8s/render.lock >/dev/null
for inputs in bench/peers/requirements services/reporting/tests/oracle/requirements tools/pip; do
  uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 "$inputs.in" -o "$inputs.lock" >/dev/null
done
