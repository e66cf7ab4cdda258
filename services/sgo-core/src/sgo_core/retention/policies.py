"""Who may do what with terms of keeping and destruction acts."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy("retention.read", *OFFICE, title="Сроки хранения и акты об уничтожении")
DRAFT = policy("retention.draft", *OFFICE, title="Проект акта об уничтожении")
CHECK = policy(
    "retention.check", Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.HEAD, title="Проверка акта об уничтожении"
)
APPROVE = policy("retention.approve", Role.HEAD, title="Утверждение и исполнение акта об уничтожении")
