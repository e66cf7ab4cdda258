"""Numbers of people that mask themselves where programs print values."""

_SHOWN = 2
_LONG_ENOUGH = 6


class PersonalText(str):
    """A person's number: its ``repr`` and :meth:`masked` show the last two characters at most.

    So it stays out of logs, of dataclasses and exceptions that are printed, and of statements' parameters. Otherwise it is the text
    itself, ``str()`` included: keys are made of formatted text, and a mask in one would join different people.
    """

    __slots__ = ()

    def masked(self) -> str:
        """What a log may hold: ``***95``; nothing of a number so short that its end would tell it."""
        return "***" + (self[-_SHOWN:] if len(self) >= _LONG_ENOUGH else "")

    def __repr__(self) -> str:
        return repr(self.masked())
