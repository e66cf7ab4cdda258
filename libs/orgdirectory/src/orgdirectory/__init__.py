"""A service's own copy of organizations and groups, kept by core's events.

A service that wants it: ``orgdirectory.attach(Base.metadata)`` beside its models, ``orgdirectory.migrations`` in its first
migration, ``on_organization_changed`` and ``on_group_changed`` among its handlers. Rows are read through ``Organization`` and ``Group``;
only the handlers write them.
"""

from orgdirectory.handlers import on_group_changed, on_organization_changed
from orgdirectory.model import Group, Organization, attach
from orgdirectory.queries import require_visible, visible_groups, visible_organizations

__all__ = [
    "Group",
    "Organization",
    "attach",
    "on_group_changed",
    "on_organization_changed",
    "require_visible",
    "visible_groups",
    "visible_organizations",
]
