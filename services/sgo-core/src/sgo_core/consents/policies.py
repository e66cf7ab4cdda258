"""Who may do what with consents."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy("consents.read", *OFFICE, Role.GUARDIAN, Role.STUDENT, title="Согласия на обработку персональных данных")
GIVE = policy("consents.give", *OFFICE, Role.GUARDIAN, title="Внесение и отзыв согласия")
HOLD = policy("consents.hold", *OFFICE, title="Запрет на уничтожение сведений")
READ_ERASURES = policy("erasures.read", *OFFICE, title="Уничтожение сведений: сроки и акты")
