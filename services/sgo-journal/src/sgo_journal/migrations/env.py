from servicekit.migrations import run_env
from sgo_journal import models

run_env(models.metadata)
