"""Who hands forms in, approves, takes and returns them."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

_REGION = (Role.REGION_ADMIN, Role.MINISTRY_OFFICER)
_TERRITORY = (Role.MUNICIPALITY_OPERATOR, *_REGION)

SUBMISSIONS_READ = policy("submissions.read", *BODIES, *OFFICE, title="Ход сдачи форм")
SUBMISSIONS_PREPARE = policy(
    "submissions.prepare",
    *OFFICE,
    *_TERRITORY,
    title="Подготовка формы к сдаче за свою организацию, территорию, регион",
)
SUBMISSIONS_APPROVE = policy(
    "submissions.approve", Role.HEAD, *_TERRITORY, title="Утверждение формы за свою организацию, территорию, регион"
)
SUBMISSIONS_TAKE = policy("submissions.take", *_TERRITORY, title="Приём и возврат сданных форм нижестоящих")
SUBMISSIONS_CONSOLIDATE = policy("submissions.consolidate", *_TERRITORY, title="Свод принятых форм")
