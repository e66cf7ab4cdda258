"""What a lesson becomes under switches, and when one of them is undone. Pure.

A lesson is cancelled while one switch over it cancels, remote while one makes it so: they may be undone in any order.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters.service import Learners
from sgo_journal.switches.model import Switch, SwitchedLesson

Over = Sequence[tuple[SwitchedLesson, Switch]]
"""The switches in force over a lesson, in the order they were made."""


def is_meant(learners: Learners | None, named: Collection[UUID] | None, grades: Collection[int] | None) -> bool:
    """Whether learners are meant: a class with its subgroups. A group across classes is meant only if it is named itself."""
    if grades is not None:
        return learners is not None and learners.class_id is not None and learners.grade_from in grades
    if named is None:
        return True
    return learners is not None and not {learners.id, learners.class_id}.isdisjoint(named)


def put_under(lesson: Lesson, switch: Switch, over: Over, link: str | None) -> Mapping[str, Any] | None:
    """What changes of a lesson that is put under a switch, nothing if another does the same already; none if it is left alone.

    What was cancelled otherwise than by a switch is left alone.
    """
    effects = {of.effect for _, of in over}
    if switch.effect in effects:
        return {}
    if lesson.state == "cancelled" and "cancel" not in effects:
        return None
    marked = {"switch_id": switch.id, "note": switch.reason}
    if switch.effect == "cancel":
        return {**marked, "state": "cancelled"}
    return None if lesson.mode == "remote" else {**marked, "mode": "remote", "video_link": link}


def own_note(lesson: Lesson, over: Over) -> str | None:
    """The note a lesson had before any switch."""
    return over[0][0].own_note if over else lesson.note


def taken_out(lesson: Lesson, switch: Switch, over: Over) -> Mapping[str, Any]:
    """What changes of a lesson when one of the switches ``over`` it is undone. A note somebody has written since stays."""
    rest = [of for _, of in over if of.id != switch.id]
    values: dict[str, Any] = {}
    if all(of.effect != switch.effect for of in rest):
        values = {"state": "planned"} if switch.effect == "cancel" else {"mode": "on_site", "video_link": None}
    if lesson.note == switch.reason:
        values["note"] = rest[-1].reason if rest else over[0][0].own_note
    values["switch_id"] = rest[-1].id if rest else None
    return {name: value for name, value in values.items() if getattr(lesson, name) != value}
