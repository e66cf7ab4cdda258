"""A sandbox for those who integrate a portal: campaigns of its own, and the authority's part played by the portal itself.

It works in an installation made for it (ADR 0041) and nowhere else: elsewhere its routes are not there.
"""
