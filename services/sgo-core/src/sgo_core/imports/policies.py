"""Who uploads tables; each kind narrows it to those who answer for what it holds."""

from asu_contracts.access import OFFICE
from servicekit.policies import policy

IMPORT = policy("imports.run", *OFFICE, title="Загрузка сведений из таблиц (по видам загрузки)")
