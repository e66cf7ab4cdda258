"""Who keeps the year's archive of journals."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

MAKE = policy(
    "archives.make",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Архив журналов за учебный год: составление",
)
SIGN = policy("archives.sign", Role.HEAD, title="Приложение внешней электронной подписи к архиву закрытых журналов")
READ = policy("archives.read", *OFFICE, title="Архив журналов за учебный год: просмотр и выгрузка")
