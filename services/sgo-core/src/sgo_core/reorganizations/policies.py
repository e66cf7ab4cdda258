"""Who may do what with acts on organizations."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

_FOUNDERS = (Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR, Role.DEPARTMENT_OFFICER)

READ = policy("reorganizations.read", *BODIES, title="Реорганизации подведомственных организаций")
READ_OWN = policy("reorganizations.read-own", *BODIES, *OFFICE, title="Реорганизации и правопреемство организации")
DRAFT = policy("reorganizations.draft", *_FOUNDERS, title="Проект акта о реорганизации или ликвидации")
CONFIRM = policy("reorganizations.confirm", *_FOUNDERS, title="Подтверждение и исполнение акта о реорганизации")
