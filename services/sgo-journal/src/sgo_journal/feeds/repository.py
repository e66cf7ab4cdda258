"""All SQL of the calendars."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.feeds.model import Feed, FeedReading

_OPEN = text("""
SELECT f.id, f.role, f.owner_id, f.organization_id, f.label, f.homework, f.read_on, child.id AS student_id
  FROM feed AS f
  LEFT JOIN LATERAL (
       SELECT coalesce((SELECT m.merged_into FROM merged_student AS m WHERE m.student_id = f.student_id), f.student_id) AS id
       ) AS child ON true
 WHERE f.secret_hash = :hash
   AND CASE f.role
       WHEN 'guardian' THEN EXISTS (
           SELECT FROM guardianship AS g
            WHERE g.guardian_id = f.owner_id AND g.student_id = child.id AND g.may_see
              AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today))
       WHEN 'teacher' THEN EXISTS (
           SELECT FROM worker AS w WHERE w.id = f.owner_id AND f.organization_id = ANY (w.teaches_in))
       ELSE f.owner_id = f.student_id END
""")

_SHOWN = """
SELECT l.id, l.date, l.number, l.starts_at, l.ends_at, l.state, l.mode, l.version, coalesce(j.title, s.title, '') AS subject,
       (SELECT r.number FROM room AS r WHERE r.id = l.room_id) AS room,
       (SELECT concat_ws(' ', w.last_name, left(w.first_name, 1) || '.', left(w.middle_name, 1) || '.') FROM worker AS w
         WHERE w.id = l.teacher_id) AS teacher,
       coalesce((SELECT g.name FROM directory_group AS g WHERE g.id = l.learners_id),
                (SELECT g.name FROM teaching_group AS g WHERE g.id = l.learners_id)) AS learners,
       h.text AS homework,
       greatest(l.created_at, h.at, (
           SELECT max(c.changed_at) FROM lesson_change AS c
            WHERE c.organization_id = l.organization_id AND c.academic_year = l.academic_year AND c.lesson_id = l.id)) AS changed_at
  FROM theirs AS l
  JOIN journal AS j ON j.organization_id = l.organization_id AND j.academic_year = l.academic_year AND j.id = l.journal_id
  LEFT JOIN subject AS s ON s.id = j.subject_id
  LEFT JOIN LATERAL (
       SELECT string_agg(h.text, E'\n' ORDER BY h.id) AS text, max(h.created_at) AS at FROM homework AS h
        WHERE :homework AND h.organization_id = l.organization_id AND h.academic_year = l.academic_year AND h.lesson_id = l.id
          AND h.removed_at IS NULL AND (NOT h.individual OR EXISTS (
              SELECT FROM homework_student AS o
               WHERE o.organization_id = h.organization_id AND o.academic_year = h.academic_year AND o.homework_id = h.id
                 AND o.student_id = CAST(:student AS uuid)))) AS h ON true
 ORDER BY l.date, l.number, l.id
"""
_OF_STUDENT = """
WITH theirs AS MATERIALIZED (
    SELECT DISTINCT ON (l.organization_id, l.academic_year, l.id) l.*
      FROM roster_stay AS r
      JOIN lesson AS l ON l.organization_id = r.organization_id AND l.academic_year = r.academic_year
           AND l.learners_id = r.learners_id AND l.date >= :since AND l.date < :until
           AND l.date >= r.valid_from AND (r.valid_to IS NULL OR l.date < r.valid_to)
     WHERE r.student_id = CAST(:student AS uuid) AND r.valid_from < :until AND (r.valid_to IS NULL OR r.valid_to > :since)
)"""
_OF_TEACHER = """
WITH theirs AS MATERIALIZED (
    SELECT l.* FROM lesson AS l
     WHERE l.organization_id = :organization AND l.teacher_id = :owner AND l.date >= :since AND l.date < :until
)"""
_LESSONS_OF_STUDENT, _LESSONS_OF_TEACHER = text(_OF_STUDENT + _SHOWN), text(_OF_TEACHER + _SHOWN)

_EVENTS = """
SELECT DISTINCT ON (e.starts_on, e.organization_id, e.id) e.id, e.title, e.starts_on, e.ends_on, e.starts_at, e.ends_at, e.state, e.version,
       coalesce(e.place, 'каб. ' || (SELECT r.number FROM room AS r WHERE r.id = e.room_id)) AS place,
       (SELECT concat_ws(' ', w.last_name, left(w.first_name, 1) || '.', left(w.middle_name, 1) || '.') FROM worker AS w
         WHERE w.id = e.responsible_id) AS responsible,
       (SELECT max(c.changed_at) FROM class_event_change AS c
         WHERE c.organization_id = e.organization_id AND c.academic_year = e.academic_year AND c.event_id = e.id) AS changed_at
"""
_NEAR = "e.starts_on < :until AND e.starts_on > :earliest AND e.ends_on >= :since"
_EVENTS_OF_STUDENT = text(f"""{_EVENTS}
  FROM roster_stay AS s
  JOIN class_event AS e ON e.organization_id = s.organization_id AND e.academic_year = s.academic_year
       AND s.learners_id = ANY (e.learners_ids) AND {_NEAR}
       AND e.starts_on >= s.valid_from AND (s.valid_to IS NULL OR e.starts_on < s.valid_to)
 WHERE s.student_id = CAST(:student AS uuid)
 ORDER BY e.starts_on, e.organization_id, e.id
""")
_EVENTS_OF_TEACHER = text(f"""{_EVENTS}
  FROM class_event AS e
 WHERE e.organization_id = :organization AND e.responsible_id = :owner AND {_NEAR}
 ORDER BY e.starts_on, e.organization_id, e.id
""")


async def opened(session: AsyncSession, secret_hash: bytes, today: dt.date) -> Any | None:
    """The calendar of a secret, with whose it is now, if the owner may read it today."""
    return (await session.execute(_OPEN, {"hash": secret_hash, "today": today})).one_or_none()


async def lessons(session: AsyncSession, feed: Any, since: dt.date, until: dt.date) -> Sequence[Any]:
    """Lessons of [since, until) of a calendar, cancelled ones too, in their order; ``changed_at`` of what is shown of each."""
    given = {"since": since, "until": until, "student": feed.student_id, "homework": feed.homework}
    if feed.student_id is None:
        return (await session.execute(_LESSONS_OF_TEACHER, given | _whose(feed))).all()
    return (await session.execute(_LESSONS_OF_STUDENT, given)).all()


async def events(
    session: AsyncSession, feed: Any, since: dt.date, until: dt.date, longest: dt.timedelta
) -> Sequence[Any]:
    """Class events on some day of [since, until), cancelled ones too, by first day: of the student's learners on it, or the teacher's own.

    ``longest``: how long one goes on at most.
    """
    given = {"since": since, "until": until, "earliest": since - longest}
    if feed.student_id is None:
        return (await session.execute(_EVENTS_OF_TEACHER, given | _whose(feed))).all()
    return (await session.execute(_EVENTS_OF_STUDENT, given | {"student": feed.student_id})).all()


def _whose(feed: Any) -> dict[str, Any]:
    return {"organization": feed.organization_id, "owner": feed.owner_id}


async def note_reading(session: AsyncSession, feed: Any, today: dt.date, now: dt.datetime) -> None:
    """Keep the day a calendar was read on, and that it is to be told of."""
    await session.execute(update(Feed).where(Feed.id == feed.id).values(read_on=today))
    read = {name: getattr(feed, name) for name in ("role", "student_id", "organization_id")}
    reading = insert(FeedReading).values(day=today, feed_id=feed.id, read_at=now, **read)
    await session.execute(reading.on_conflict_do_nothing())


_OVER = text("""
WITH over AS (DELETE FROM feed_reading WHERE day < :today RETURNING day, feed_id, role, student_id, organization_id, read_at)
SELECT o.day, o.role, coalesce(o.organization_id, r.organization_id) AS organization_id,
       count(DISTINCT o.feed_id) AS calendars, max(o.read_at) AS read_at
  FROM over AS o
  LEFT JOIN roster_stay AS r ON r.student_id = o.student_id AND r.valid_from <= o.day AND (r.valid_to IS NULL OR r.valid_to > o.day)
 GROUP BY 1, 2, 3 ORDER BY 1, 3 NULLS LAST, 2
""")


async def take_over(session: AsyncSession, today: dt.date) -> Sequence[Any]:
    """Calendars read on the days that are over, by day, whose and where the student was on it; each is given once."""
    return (await session.execute(_OVER, {"today": today})).all()


async def hold(session: AsyncSession, owner_id: UUID) -> int:
    """Let the owner make no other calendar until the transaction ends; how many there are."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('asu.feeds' || :owner, 0))"), {"owner": str(owner_id)}
    )
    return await session.scalar(select(func.count()).select_from(Feed).where(Feed.owner_id == owner_id)) or 0


async def page(session: AsyncSession, owner_id: UUID, after: UUID | None, limit: int) -> Sequence[Feed]:
    """Calendars of an owner, in id order, one more than ``limit``."""
    query = select(Feed).where(Feed.owner_id == owner_id)
    if after is not None:
        query = query.where(Feed.id > after)
    return (await session.scalars(query.order_by(Feed.id).limit(limit + 1))).all()


async def one(session: AsyncSession, owner_id: UUID, feed_id: UUID) -> Feed | None:
    """A calendar of an owner."""
    return (await session.scalars(select(Feed).where(Feed.id == feed_id, Feed.owner_id == owner_id))).one_or_none()


async def put_secret(session: AsyncSession, feed_id: UUID, version: int, secret_hash: bytes) -> bool:
    """Give a calendar another secret if its version is still that; false if it is another."""
    changed = await session.scalar(
        update(Feed)
        .where(Feed.id == feed_id, Feed.version == version)
        .values(secret_hash=secret_hash, version=version + 1, read_on=None)
        .returning(Feed.version)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


async def remove(session: AsyncSession, feed: Feed) -> None:
    """Let a calendar be no more."""
    await session.execute(delete(Feed).where(Feed.id == feed.id))
