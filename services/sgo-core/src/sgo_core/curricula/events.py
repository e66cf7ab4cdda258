"""Curricula as contract events."""

from collections.abc import Sequence

from asu_contracts.core import CurriculumChanged, CurriculumForClass, CurriculumSubject
from sgo_core.curricula.model import Curriculum, CurriculumClass, CurriculumLine


def curriculum_changed(
    curriculum: Curriculum, lines: Sequence[CurriculumLine], classes: Sequence[CurriculumClass]
) -> CurriculumChanged:
    """An approved curriculum and what it is in force for."""
    return CurriculumChanged(
        curriculum_id=curriculum.id,
        organization_id=curriculum.organization_id,
        academic_year=curriculum.academic_year,
        grade=curriculum.grade,
        title=curriculum.title,
        kind=curriculum.kind,
        profile=curriculum.profile,
        week_days=curriculum.week_days,
        edition=curriculum.edition,
        replaces=curriculum.replaces,
        lines=tuple(
            CurriculumSubject(
                subject_id=line.subject_id,
                component=line.component,
                level=line.level,
                hours_week=float(line.hours_week),
                period_hours=None if line.period_hours is None else tuple(float(one) for one in line.period_hours),
                subgroups=line.subgroups,
            )
            for line in lines
        ),
        classes=tuple(
            CurriculumForClass(group_id=one.group_id, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in classes
            if one.valid_from is not None
        ),
    )
