"""Who watches the ingest."""

from asu_contracts.access import Role
from servicekit.policies import policy

INGEST_READ = policy("ingest.state.read", Role.REGION_ADMIN, title="Состояние приёма событий отчётностью")
