"""Names of people as they are compared."""


def normal_name(name: str) -> str:
    """Form in which names of people are compared: case, spaces and the dots of ё do not matter."""
    return " ".join(name.split()).casefold().replace("ё", "е")
