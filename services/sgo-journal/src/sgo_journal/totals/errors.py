"""What may be wrong with the rules of totals."""

from servicekit.errors import DomainError, Kind


class ThresholdsInvalidError(DomainError):
    """Thresholds do not fall, name a mark twice, or leave means without a mark."""

    code = "totals.thresholds-invalid"
    kind = Kind.INVALID
    title = "Пороги среднего балла должны убывать до нуля, каждой отметке — один порог"
