"""The kinds of tables that can be uploaded."""

from collections.abc import Mapping

from sgo_core.imports.bodies import GOVERNING_BODIES
from sgo_core.imports.curricula import CURRICULA
from sgo_core.imports.groups import GROUPS
from sgo_core.imports.kinds import ImportKind
from sgo_core.imports.loads import LOADS
from sgo_core.imports.organizations import ORGANIZATIONS
from sgo_core.imports.past_movements import PAST_MOVEMENTS
from sgo_core.imports.staff import STAFF
from sgo_core.imports.students import STUDENTS
from sgo_core.imports.year_outcomes import YEAR_OUTCOMES
from sgo_core.imports.year_results import YEAR_RESULTS

KINDS: Mapping[str, ImportKind] = {
    kind.name: kind
    for kind in (
        GOVERNING_BODIES,
        ORGANIZATIONS,
        GROUPS,
        CURRICULA,
        LOADS,
        PAST_MOVEMENTS,
        STAFF,
        STUDENTS,
        YEAR_RESULTS,
        YEAR_OUTCOMES,
    )
}
