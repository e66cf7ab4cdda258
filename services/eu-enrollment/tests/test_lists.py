"""Every list takes a handful of statements, whatever the size of its page."""

from servicekit.testing import ServiceUnderTest
from servicekit.testing.lists import check_lists

from . import samples


async def test_lists_take_a_handful_of_statements(service: ServiceUnderTest) -> None:
    wrong = await check_lists(service, samples.ALL)
    assert [line.partition(": [")[0] for line in wrong] == []
