from kit_sample.model import metadata
from servicekit.migrations import run_env

run_env(metadata)
