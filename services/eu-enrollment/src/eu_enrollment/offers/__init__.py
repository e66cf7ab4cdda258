"""Offered places: groups of the campaign's municipality, never more places than are free."""
