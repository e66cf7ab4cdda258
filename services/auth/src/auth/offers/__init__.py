"""Offers: guardians, students and workers known from core, who may be given an account by the organizations of theirs."""
