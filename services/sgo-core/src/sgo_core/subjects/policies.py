"""Who may do what with the reference books of the curriculum."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import EVERYONE, policy

READ = policy("subjects.read", *EVERYONE, title="Справочники предметов, предметных областей и компонентов региона")
READ_OWN = policy("subjects.read-own", *BODIES, *OFFICE, Role.TEACHER, title="Предметы организации")
KEEP = policy("subjects.keep", Role.REGION_ADMIN, title="Ведение региональных справочников учебного плана")
KEEP_OWN = policy(
    "subjects.keep-own",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Ведение собственных предметов организации",
)
EDIT = policy("subjects.edit", *KEEP.roles, *KEEP_OWN.roles, title="Изменение предмета: регионального, собственного")
