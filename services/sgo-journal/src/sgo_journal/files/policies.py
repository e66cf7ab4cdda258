"""Who uploads files. Who reads one is decided by what it is attached to."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

UPLOAD = policy(
    "files.upload",
    *(*OFFICE, Role.TEACHER, Role.GUARDIAN, Role.STUDENT),
    title="Загрузка файлов заданий, работ, материалов и ведомостей",
)
