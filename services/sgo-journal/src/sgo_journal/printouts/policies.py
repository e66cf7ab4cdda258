"""Who makes reports and prints of the journal."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

REPORTS = policy(
    "reports.make",
    *OFFICE,
    Role.TEACHER,
    title="Отчёты журнала: учителю — о журналах, которые он ведёт или вёл, классному руководителю — о своём классе",
)
