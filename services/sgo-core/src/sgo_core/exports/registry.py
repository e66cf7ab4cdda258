"""The kinds of exports."""

from collections.abc import Mapping

from sgo_core.exports.kinds import ExportKind
from sgo_core.exports.staff import STAFF
from sgo_core.exports.structure import GROUPS, MOVEMENT, ORGANIZATIONS
from sgo_core.exports.students import GUARDIANS, STUDENTS

KINDS: Mapping[str, ExportKind] = {
    kind.name: kind for kind in (ORGANIZATIONS, GROUPS, STUDENTS, GUARDIANS, STAFF, MOVEMENT)
}
WHOLE = "whole"
"""Everything of one organization, in open formats: no table, so no columns are chosen."""
