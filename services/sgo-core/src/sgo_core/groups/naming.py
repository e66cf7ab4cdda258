"""What a class is called: its grade and a letter, or a name of its own, up to 15 characters (Appendix 1)."""

LETTER_LENGTH = 15


def class_name(grade: int, letter: str) -> str:
    """«5Б» of grade 5 and letter Б."""
    return f"{grade}{letter}"


def letter_of(grade: int, name: str) -> str:
    """What tells a class from the others of its grade: what follows the grade in its name, else the whole name."""
    rest = name.removeprefix(str(grade)).strip()
    return rest if rest and not rest[0].isdigit() else name


def renamed(grade: int, name: str, letter: str, new: str) -> str:
    """The name of a class whose letter becomes ``new``: the letter is changed where it stands."""
    return name.removesuffix(letter) + new if name.endswith(letter) else class_name(grade, new)
