"""The one error of this library."""


class InvalidIdentifier(ValueError):  # noqa: N818 - reads as the statement it makes
    """A text is not the identifier it should be.

    ``code`` is stable (``<identifier>.format`` or ``<identifier>.checksum``); ``title_ru`` is for the user. Neither
    holds the value, which is personal data more often than not.
    """

    def __init__(self, code: str, title_ru: str) -> None:
        super().__init__(title_ru)
        self.code = code
        self.title_ru = title_ru
