"""Referrals: a place held for a child, until the family accepts or declines it."""
