"""Papers about applications and orders, for the family, the organization and the public stand."""
