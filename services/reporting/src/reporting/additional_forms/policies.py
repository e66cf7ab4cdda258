"""Who defines additional forms, fills them in and reads them. Departments follow founders, not territory: they have none."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

_BODIES = BODIES - {Role.DEPARTMENT_OFFICER}

FORMS_DEFINE = policy(
    "additional-forms.define",
    *_BODIES,
    *(OFFICE - {Role.SECRETARY}),
    title="Составление и публикация дополнительных форм своего уровня",
)
FORMS_READ = policy("additional-forms.read", *_BODIES, *OFFICE, title="Дополнительные формы, ответы и свод")
FORMS_FILL = policy("additional-forms.fill", *OFFICE, title="Заполнение дополнительных форм за свою организацию")
