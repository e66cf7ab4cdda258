"""Who may do what with consents."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy(
    "consents.read",
    *OFFICE,
    Role.GUARDIAN,
    Role.STUDENT,
    Role.TEACHER,
    title="Согласия на обработку персональных данных",
)
GIVE = policy("consents.give", *OFFICE, Role.GUARDIAN, Role.TEACHER, title="Внесение и отзыв согласия")
HOLD = policy("consents.hold", *OFFICE, title="Запрет на уничтожение сведений")
READ_ERASURES = policy("erasures.read", *OFFICE, title="Уничтожение сведений: сроки и акты")
