"""Open debts («точки») of an organization: works that were required and not handed in."""
