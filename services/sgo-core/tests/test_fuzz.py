from servicekit.testing.fuzz import Served, find_faults

from . import samples

PREPARED = {"get_run"}
"""No object of these routes can be made by one call: see the samples."""


def test_no_input_makes_a_server_error(served: Served, fuzz_examples: int) -> None:
    assert find_faults(served, samples.ALL, fuzz_examples, unanswered=PREPARED) == []
