"""Who offers places."""

from asu_contracts.access import Role
from servicekit.policies import policy

MANAGE = policy("offers.manage", Role.MUNICIPALITY_OPERATOR, title="Предлагать места в группах своего муниципалитета")
