import pytest

from reporting.bootstrap import SERVICE
from servicekit.testing.fuzz import Served, find_faults, slices

from .test_permissions import SAMPLES


@pytest.mark.parametrize("of_slice", slices(SERVICE))
def test_no_input_makes_a_server_error(served: Served, fuzz_examples: int, of_slice: str) -> None:
    assert find_faults(served, SAMPLES, fuzz_examples, of_slice=of_slice, unanswered={"get_run"}) == []
