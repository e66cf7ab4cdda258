"""Staff the demo appoints: operators, heads, administrators, and teachers of one school, who have a card in the registry."""

from random import Random
from typing import Any

from demodata.names import NameSource
from demodata.numbers import snils
from demodata.plan import Organization
from demodata.sizes import Municipality

_TEACHERS_FROM = 900_000_000
"""Serial numbers from which teachers have theirs, far from those of families."""
_EMPLOYED_ON = "2020-09-01"
_CATEGORIES = ("highest", "first", "first", "fits_post", "none")


def staff_of(
    municipality: Municipality, organizations: list[Organization], *, demo: bool, rng: Random
) -> list[dict[str, Any]]:
    """Accounts of a municipality: ``unit`` is an ОКТМО for an operator and an organization's key for the rest.

    In the municipality of the ``demo`` the first school has teachers, the first preschool an educator, who ``leads`` a group.
    """
    names = NameSource(rng)

    def account(login: str, role: str, unit: str) -> dict[str, Any]:
        name = names.staff()
        shown = " ".join(name[part] for part in ("last_name", "first_name", "middle_name"))
        return {"login": login, "display_name": shown, "role": role, "unit": unit, "card": name}

    def teacher(number: int, unit: str, post: str = "teacher") -> dict[str, Any]:
        person = account(f"{post}-{number:02d}-{unit}", "teacher", unit)
        born = 1964 + number % 30
        hired = {"hired_on": _EMPLOYED_ON, "order_number": f"{number}-к", "order_date": _EMPLOYED_ON}
        person["card"] |= {
            "birth_date": f"{born}-04-12",
            "snils": snils(_TEACHERS_FROM + number),
            "education": [{"level": "secondary_special" if number % 8 == 0 else "higher", "pedagogical": True}],
            "qualification": {"category": _CATEGORIES[number % len(_CATEGORIES)]},
            "service_since": f"{born + 21}-07-01",
            "teaching_since": f"{born + 22}-09-01",
        }
        return person | {"employment": {"post_code": post, "main": True, "rate": "1", **hired}}

    accounts = [account(f"operator-{municipality.oktmo[:5]}", "municipality_operator", municipality.oktmo)]
    accounts += [account(f"admin-{o.key}", "organization_admin", o.key) for o in organizations]
    accounts += [account(f"head-{o.key}", "head", o.key) for o in organizations]
    if demo:
        # A teacher per class: the timetable can then give every class a lesson at every hour.
        school = next(o for o in organizations if o.kind == "school")
        accounts += [teacher(number, school.key) for number in range(1, len(school.groups) + 1)]
        preschool = next(o for o in organizations if o.kind == "preschool")
        educator = teacher(len(school.groups) + 1, preschool.key, "educator")
        accounts.append(educator | {"leads": max(preschool.groups, key=lambda group: group.enrolled).key})
    return accounts
