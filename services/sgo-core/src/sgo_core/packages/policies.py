"""Who gives data to outer information systems: the region, by law; nobody sees what is in a package."""

from asu_contracts.access import Role
from servicekit.policies import policy

READ = policy(
    "packages.read",
    Role.REGION_ADMIN,
    Role.MINISTRY_OFFICER,
    title="Пакеты сведений для внешних систем: получатели, журнал технических выгрузок, квитанции",
)
MAKE = policy(
    "packages.make",
    Role.REGION_ADMIN,
    Role.MINISTRY_OFFICER,
    title="Формирование и передача пакетов контингента (зашифрованы для получателя)",
)
KEEP_RECEIVERS = policy("package-receivers.keep", Role.REGION_ADMIN, title="Ведение получателей пакетов сведений")
