"""Reference data of the curriculum that a new registry begins with, as rows of its tables."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from servicekit.packaged import read_yaml

_NAMESPACE = UUID("7c2f5a0e-3d53-5b0c-9a6e-52c1f0b4d9aa")
"""Ids of what the file holds come from its codes: every registry of the region has the same."""
_CONTAINS = {"area": "areas", "component": "components"}


def _id(kind: str, code: str) -> UUID:
    return uuid5(_NAMESPACE, f"{kind}:{code}")


def _read(package: str, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(package, name)
    return found


def terms() -> list[dict[str, Any]]:
    """Subject areas and components."""
    book = _read("sgo_core.subjects", "reference.yaml")
    return [
        {
            "id": _id(kind, code),
            "kind": kind,
            "code": code,
            "title": one["title"],
            "counts_in_load": one.get("counts"),
            "source": book["sources"][one["source"]],
            "valid_from": book["valid_from"],
        }
        for kind, section in _CONTAINS.items()
        for code, one in book[section].items()
    ]


def subjects() -> list[dict[str, Any]]:
    """Subjects of the region."""
    book = _read("sgo_core.subjects", "reference.yaml")
    return [
        {
            "id": _id("subject", code),
            "code": code,
            "title": title,
            "short_title": short,
            "area": area,
            "grade_from": first,
            "grade_to": last,
            "source": book["sources"][source],
            "valid_from": book["valid_from"],
        }
        for code, (title, short, area, first, last, source) in book["subjects"].items()
    ]


def norm_editions() -> list[dict[str, Any]]:
    """First editions of the norms."""
    book = _read("sgo_core.study_norms", "norms.yaml")
    return [
        {"id": _id("norm", kind), "kind": kind, "valid_from": one["valid_from"], "source": one["source"]}
        for kind, one in book.items()
    ]


def maximum_load() -> list[dict[str, Any]]:
    """Hours of the first edition."""
    hours = _read("sgo_core.study_norms", "norms.yaml")["maximum_load"]["hours"]
    return [
        {"edition_id": _id("norm", "maximum_load"), "grade": grade, "week_days": days, "hours": most}
        for grade, weeks in hours.items()
        for days, most in weeks.items()
    ]


def obligatory_subjects() -> list[dict[str, Any]]:
    """Subjects of the first edition."""
    found = _read("sgo_core.study_norms", "norms.yaml")["obligatory_subjects"]["subjects"]
    edition = _id("norm", "obligatory_subjects")
    return [
        {"edition_id": edition, "grade": grade, "subject_id": _id("subject", code)}
        for grade, codes in found.items()
        for code in codes
    ]
