"""Who watches over what leaves."""

from asu_contracts.access import BODIES, Role
from servicekit.policies import policy

_RESPONSIBLE = (Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN)

OUTWARD_READ = policy(
    "outward.read", *BODIES, *_RESPONSIBLE, title="Журнал обмена с внешними системами: просмотр и воспроизведение"
)
OUTWARD_HAND_ON = policy(
    "outward.hand-on", *BODIES, *_RESPONSIBLE, title="Отметка о передаче выгруженного файла или его публикации"
)
