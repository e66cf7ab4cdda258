"""Letters and dashes that keyboards, office programs and recognition of scans put for each other."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_LATIN = "ABEKMHOPCTXYIaceopxyi"
_CYRILLIC = "АВЕКМНОРСТХУІасеорхуі"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)


def to_hyphens(text: str) -> str:
    """The text with every dash and minus as a hyphen."""
    return text.translate(_DASHES)


def to_latin(text: str) -> str:
    """Cyrillic letters that look like Latin ones replaced by these; the rest stays."""
    return text.translate(_TO_LATIN)


def to_cyrillic(text: str) -> str:
    """Latin letters that look like Cyrillic ones replaced by these; the rest stays."""
    return text.translate(_TO_CYRILLIC)


def one_alphabet(word: str) -> str:
    """A word that mixes the alphabets in Cyrillic as far as its Latin letters have look-alikes; any other as it is."""
    return to_cyrillic(word) if any("Ѐ" <= letter <= "ӿ" for letter in word) else word
