"""As much of a child of another organization as a person who knows the child recognises."""

from collections.abc import Mapping
from typing import Any


def hint(card: Mapping[str, Any]) -> str:
    """Initials and the year of birth."""
    names = ("last_name", "first_name", "middle_name")
    initials = " ".join(f"{card[name][0]}." for name in names if card[name])
    return f"{initials}, {card['birth_date'].year} г. р."
