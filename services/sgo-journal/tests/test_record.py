"""What replacing one record by another changes."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from sgo_journal.lessons.record import Entry, EntryKind, changes

STUDENTS = st.integers(0, 5).map(lambda number: UUID(int=number))
ENTRIES = st.dictionaries(STUDENTS, st.builds(Entry, st.sampled_from("2345"), st.sampled_from([None, "Молодец"])))


@settings(derandomize=True, database=None)
@given(ENTRIES, ENTRIES)
def test_changes_lead_from_the_old_record_to_the_new(old: dict[UUID, Entry], new: dict[UUID, Entry]) -> None:
    found = list(changes(EntryKind.MARK, old, new))
    replayed = dict(old)
    for change in found:
        assert replayed.pop(change.student_id, None) == change.old
        if change.new is not None:
            replayed[change.student_id] = change.new
    assert replayed == new
    assert len(found) == sum(old.get(one) != new.get(one) for one in old.keys() | new.keys())


def test_the_same_record_changes_nothing() -> None:
    record = {UUID(int=1): Entry("5", "Молодец")}
    assert list(changes(EntryKind.MARK, record, dict(record))) == []
