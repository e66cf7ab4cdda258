"""Errors of the quality of data."""

from servicekit.errors import DomainError, Kind


class RemarkRequiredError(DomainError):
    """Contradictions are open and the one who confirms says nothing of them."""

    code = "quality.remark-required"
    kind = Kind.CONFLICT
    title = "В сведениях есть необъяснённые противоречия: устраните их или укажите замечание"


class NotEmployedError(DomainError):
    """The one who shall answer holds no post in the organization."""

    code = "quality.not-employed"
    kind = Kind.INVALID
    title = "Ответственный не работает в этой организации"


class TrendSpanError(DomainError):
    """The days asked for are too many or run backwards."""

    code = "quality.trend-span"
    kind = Kind.INVALID
    title = "Укажите промежуток не длиннее двух лет, начало не позже конца"
