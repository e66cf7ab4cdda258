"""Who adds and reads files of documents: whoever sees the draft or the application."""

from asu_contracts.access import Role
from servicekit.policies import policy

ADD = policy(
    "attachments.add",
    Role.PORTAL,
    Role.MUNICIPALITY_OPERATOR,
    title="Прикладывать файлы документов к заявлениям и черновикам",
)
READ = policy(
    "attachments.read",
    Role.PORTAL,
    Role.MUNICIPALITY_OPERATOR,
    Role.REGION_ADMIN,
    title="Читать файлы документов заявлений (портал — только своих)",
)
