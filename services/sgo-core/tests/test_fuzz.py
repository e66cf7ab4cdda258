import pytest

from servicekit.testing.fuzz import Served, find_faults, slices
from sgo_core.bootstrap import SERVICE

from . import samples

PREPARED = {"get_run"}
"""No object of these routes can be made by one call: see the samples."""


@pytest.mark.parametrize("of_slice", slices(SERVICE))
def test_no_input_makes_a_server_error(served: Served, fuzz_examples: int, of_slice: str) -> None:
    assert find_faults(served, samples.ALL, fuzz_examples, of_slice=of_slice, unanswered=PREPARED) == []
