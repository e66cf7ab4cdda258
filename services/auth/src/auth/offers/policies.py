"""Who gives guardians, students and workers their accounts (regulation 3.1.2)."""

from asu_contracts.access import MAY_GRANT, UNIT_OF_ROLE, Role, UnitKind
from servicekit.policies import policy

OFFER = policy(
    "auth.offers",
    *(role for role in Role if Role.GUARDIAN in MAY_GRANT[role]),
    title="Выдача и прекращение учётных записей родителей, все дети которых учатся в своих организациях",
)
OFFER_WORKERS = policy(
    "auth.offers.workers",
    *(role for role in Role if Role.TEACHER in MAY_GRANT[role]),
    title="Учётные записи работников своей организации, связанные с их карточками",
)
TIE = policy(
    "auth.offers.tie",
    *(role for role in Role if any(UNIT_OF_ROLE[one] is UnitKind.ORGANIZATION for one in MAY_GRANT[role])),
    title="Связь учётных записей работников, права которых вправе выдать, с их карточками",
)
OFFER_STUDENTS = policy(
    "auth.offers.students",
    *(role for role in Role if Role.STUDENT in MAY_GRANT[role]),
    title="Выдача и прекращение учётных записей обучающихся своих организаций",
)
