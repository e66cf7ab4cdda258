"""Outward exchanges as their registry in reporting shows them: what of them can be sent again, is from here."""
