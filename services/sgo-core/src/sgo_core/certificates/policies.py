"""Who keeps certificates of education: the office of the organization that issues them."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy("certificates.read", *OFFICE, title="Документы об образовании и книга их регистрации")
KEEP = policy(
    "certificates.keep",
    Role.HEAD,
    Role.COORDINATOR,
    Role.SECRETARY,
    title="Составление, регистрация и выдача документов об образовании",
)
