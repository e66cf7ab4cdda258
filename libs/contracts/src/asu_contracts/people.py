"""Words about people that several events share."""

from asu_contracts.base import OpenEnum


class Sex(OpenEnum):
    """Sex, as documents and federal forms have it."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class Kinship(OpenEnum):
    """What a representative is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    OTHER = "other"
    UNKNOWN = "unknown"
