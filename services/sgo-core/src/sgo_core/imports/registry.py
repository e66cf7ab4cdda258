"""The kinds of tables that can be uploaded."""

from collections.abc import Mapping

from sgo_core.imports.kinds import ImportKind
from sgo_core.imports.students import STUDENTS

KINDS: Mapping[str, ImportKind] = {kind.name: kind for kind in (STUDENTS,)}
