"""Names of people as they are compared."""

from identifiers.letters import one_alphabet


def normal_name(name: str) -> str:
    """Form in which names of people are compared: case, spaces, the dots of ё and Latin letters among Cyrillic do not matter."""
    return " ".join(map(one_alphabet, name.split())).casefold().replace("ё", "е")
