"""Who may do what with sample checks."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

READ = policy("sample-checks.read", *BODIES, *OFFICE, title="Выборочные проверки сведений")
CHECK = policy("sample-checks.check", *BODIES, title="Проведение выборочных проверок")
ANSWER = policy("sample-checks.answer", *OFFICE, title="Ответ на выборочную проверку")
