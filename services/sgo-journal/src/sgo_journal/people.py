"""Under whose id a deed of a caller is kept."""

from uuid import UUID

from servicekit.security import Principal


def author(principal: Principal) -> UUID:
    """The person behind the account; the account itself, while no card is tied to it."""
    return principal.person_id or UUID(principal.account_id)
