from servicekit.testing.fuzz import Served, find_faults

from .test_permissions import SAMPLES


def test_no_input_makes_a_server_error(served: Served, fuzz_examples: int) -> None:
    assert find_faults(served, SAMPLES, fuzz_examples, unanswered={"get_run"}) == []
