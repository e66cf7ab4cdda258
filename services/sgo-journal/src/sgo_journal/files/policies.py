"""Who uploads files. Who reads one is decided by what it is attached to."""

from asu_contracts.access import Role
from servicekit.policies import policy

UPLOAD = policy(
    "files.upload",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.TEACHER, Role.GUARDIAN, Role.STUDENT),
    title="Загрузка файлов заданий, работ и материалов",
)
