"""Verifications: what must be checked of an application before it waits for a place, each with a term and one decision."""
