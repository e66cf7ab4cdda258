"""Offers: guardians known from core who may be given an account by their children's organizations."""
