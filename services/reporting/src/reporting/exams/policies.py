"""Who loads and reads results of exams."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

EXAMS_IMPORT = policy(
    "exams.import",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    *(Role.MUNICIPALITY_OPERATOR, Role.REGION_ADMIN, Role.MINISTRY_OFFICER),
    title="Загрузка результатов экзаменов и проверочных работ",
)
EXAMS_READ = policy("exams.read", *BODIES, *OFFICE, title="Результаты экзаменов и проверочных работ")
