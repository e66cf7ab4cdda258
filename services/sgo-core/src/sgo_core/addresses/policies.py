"""Who looks addresses up."""

from asu_contracts.access import BODIES, OFFICE
from servicekit.policies import policy

LOOK_UP = policy("addresses.look-up", *BODIES, *OFFICE, title="Адресный справочник")
UNMATCHED = policy("addresses.unmatched", *OFFICE, title="Адреса, не найденные в справочнике")
