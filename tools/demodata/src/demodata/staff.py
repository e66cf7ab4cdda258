"""Staff accounts the demo creates: operators, administrators, teachers of one school."""

from random import Random
from typing import Any

from demodata.names import NameSource
from demodata.plan import Organization
from demodata.sizes import Municipality


def staff_of(
    municipality: Municipality, organizations: list[Organization], *, demo_school: str | None, rng: Random
) -> list[dict[str, Any]]:
    """Accounts of a municipality: ``unit`` is an ОКТМО for an operator and an organization's key for the rest."""
    names = NameSource(rng)

    def account(login: str, role: str, unit: str) -> dict[str, Any]:
        return {"login": login, "display_name": names.staff(), "role": role, "unit": unit}

    accounts = [account(f"operator-{municipality.oktmo[:5]}", "municipality_operator", municipality.oktmo)]
    accounts += [account(f"admin-{o.key}", "organization_admin", o.key) for o in organizations]
    for organization in organizations:
        if organization.key == demo_school:
            # A teacher per class: the timetable can then give every class a lesson at every hour.
            teachers = len(organization.groups)
            accounts += [
                account(f"teacher-{i:02d}-{organization.key}", "teacher", organization.key)
                for i in range(1, teachers + 1)
            ]
    return accounts
