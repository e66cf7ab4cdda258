from servicekit.testing.fuzz import Served, find_faults

from . import samples

UNANSWERED = ": never succeeded"
"""Made-up filters rarely find anything: that a good call of every route succeeds, the matrix of rights proves."""


def test_no_input_makes_a_server_error(served: Served, fuzz_examples: int) -> None:
    faults = find_faults(served, samples.ALL, fuzz_examples)
    assert [fault for fault in faults if not fault.endswith(UNANSWERED)] == []
