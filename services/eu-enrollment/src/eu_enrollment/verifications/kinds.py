"""Kinds of verifications."""

from enum import StrEnum


class CheckKind(StrEnum):
    """What is checked.

    ``benefit``: the document of a category (subject: its code); ``sibling``: a brother or sister in an organization (subject: its
    id); ``orientation``: the conclusion that groups of an orientation need (subject: it); ``address``: the child lives where it
    says; ``distance``: metres from there to an organization (subject: its id); ``age``: outside the bounds, by leave of the founder;
    ``stay_document``, ``language_test``: of a foreign child; ``held_place``: the place from which the child moves; ``duplicate``:
    the child has an application in another municipality; ``registry``: the registry would not admit the child (subject: why);
    ``condition``: what is stated does not meet a condition of the rules (subject: its code).
    """

    BENEFIT = "benefit"
    SIBLING = "sibling"
    ORIENTATION = "orientation"
    ADDRESS = "address"
    DISTANCE = "distance"
    AGE = "age"
    STAY_DOCUMENT = "stay_document"
    LANGUAGE_TEST = "language_test"
    HELD_PLACE = "held_place"
    DUPLICATE = "duplicate"
    REGISTRY = "registry"
    CONDITION = "condition"
