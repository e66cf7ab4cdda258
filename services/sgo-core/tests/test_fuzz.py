from servicekit.service import ServiceDefinition
from servicekit.testing import TokenFactory
from servicekit.testing.fuzz import find_server_errors


def test_no_input_makes_a_server_error(
    definition: ServiceDefinition, tokens: TokenFactory, served: str, fuzz_examples: int
) -> None:
    assert find_server_errors(definition, tokens, served, fuzz_examples) == []
