"""Policies: which roles may do what. Each slice declares its own in ``policies.py``; routes take them by ``allow``."""

from dataclasses import dataclass

from asu_contracts.access import Role


@dataclass(frozen=True)
class Policy:
    """One permission: a stable name, the roles that have it, a line in Russian for the table of rights."""

    name: str
    roles: frozenset[Role]
    title: str

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError(f"policy {self.name} allows nobody")


def policy(name: str, *roles: Role, title: str) -> Policy:
    """Declare a policy."""
    return Policy(name, frozenset(roles), title)


EVERYONE = frozenset(Role)
