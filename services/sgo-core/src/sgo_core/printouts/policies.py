"""Who may print what about students."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

BOOKS = policy("printouts.books", *BODIES, *OFFICE, title="Печать книги движения, алфавитной книги, приказов")
LIST = policy("printouts.class-list", *BODIES, *OFFICE, Role.TEACHER, title="Печать списка класса (группы)")
CARD = policy("printouts.card", *BODIES, *OFFICE, title="Печать личной карточки обучающегося")
FILE = policy("printouts.personal-file", *OFFICE, title="Печать личного дела и справок")
HEALTH = policy(
    "printouts.health", *OFFICE, Role.TEACHER, title="Печать листка здоровья и освобождений от физкультуры класса"
)
HEALTH_OF_ALL = policy("printouts.pe-exemptions", *OFFICE, title="Печать освобождений от физкультуры организации")
REPORTS = policy(
    "reports.list",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    title="Перечень отчётов реестра, которые вызывающий может составить",
)
REPORTS_OF_GROUP = policy(
    "reports.of-group",
    *OFFICE,
    Role.TEACHER,
    title="Отчёты о классе (группе): списки, дни рождения, социальный паспорт; учителю — о классе, которым он руководит",
)
REPORTS_OF_ORGANIZATION = policy(
    "reports.of-organization",
    *BODIES,
    *OFFICE,
    title="Отчёты об организации: прибывшие и выбывшие; самой организации также дни рождения, выпускники, социальный паспорт",
)
