"""Campaigns, applications, allocation, referrals, admission orders."""
