"""Who may ask whose a statistical id is; of the people behind them each sees whom it sees otherwise."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

NAME_STUDENTS = policy(
    "pseudonyms.students", *BODIES, *OFFICE, Role.TEACHER, title="Имена обучающихся по идентификаторам отчётности"
)
NAME_WORKERS = policy("pseudonyms.workers", *BODIES, *OFFICE, title="Имена работников по идентификаторам отчётности")
