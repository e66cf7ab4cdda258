"""What is asked of an organization's form alone."""

from datetime import date

import pytest

from reporting.builds.checking import check
from reporting.forms.service import catalog


@pytest.mark.parametrize(
    ("form", "answer", "control"),
    [("oo-1", ("1.2", "02", "3"), "1.2-1"), ("oo-2", ("2.2", "01", "3"), "2.2-1"), ("85-k", ("1", "101", "3"), "1-1")],
)
def test_above_an_organization_a_row_of_answers_says_how_many_answered_yes(
    form: str, answer: tuple[str, str, str], control: str
) -> None:
    edition = catalog().edition(form, date(2026, 12, 31))
    assert edition is not None
    assert answer[1] in edition.layout[answer[0]].rows

    def fails(value: int, *, above: bool) -> bool:
        results = {one.id: one.ok for one in check(edition, {answer: value}, above=above)}
        return not results[control]

    assert fails(3, above=False)
    assert not fails(1, above=False)
    assert not fails(3, above=True)
