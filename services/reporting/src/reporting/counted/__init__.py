"""Counted reports: tables of counts over facts, for an organization, a municipality or the region. Nobody is listed."""
