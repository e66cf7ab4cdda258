"""Roles that work applications in an organization: it deals with the children who were given a place there."""

from asu_contracts.access import Role

RECEIVING = (Role.HEAD, Role.SECRETARY, Role.ORGANIZATION_ADMIN)
"""Those of an organization who see whom it is to receive."""
ADMITTING = (Role.HEAD, Role.SECRETARY)
"""Those of an organization who conclude contracts and issue admission orders."""
