"""Who may do what with scans."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

KEEP = policy("attachments.keep", *OFFICE, title="Прикрепление и удаление сканов документов")
READ = policy(
    "attachments.read",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    Role.GUARDIAN,
    Role.STUDENT,
    title="Сканы документов: организации, карточек своих учеников и работников, свои",
)
