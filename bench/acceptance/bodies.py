"""Applications of the bench: every child is another one, everything passes the checks."""

from itertools import count
from json import dumps
from uuid import UUID

from identifiers import complete_snils
from servicekit.ids import new_id

MUNICIPALITY = "03701000"
CAMPAIGN = UUID("01900000-0000-7000-8000-000000000001")
ORGANIZATIONS = tuple(UUID(int=CAMPAIGN.int + 0x100 + number) for number in range(3))
PLACE = f"""
    INSERT INTO directory_organization (id, kind, short_name, full_name, municipality, locality, active, sequence)
    SELECT id, 'preschool', 'Сад', 'Сад', '{MUNICIPALITY}', 'urban', true, '000001.000000000001'
      FROM unnest(ARRAY[{", ".join(f"'{id_}'::uuid" for id_ in ORGANIZATIONS)}]) AS id;
    INSERT INTO campaign (id, municipality, kind, academic_year, title, rules, opens_at, closes_at, created_at, created_by)
    VALUES ('{CAMPAIGN}', '{MUNICIPALITY}', 'preschool', 2026, 'Комплектование', 'preschool-236-2025', '2026-01-01',
            '2099-01-01', '2026-01-01', 'bench')
"""
"""What a database needs before applications come."""

_numbers = count(1)


def application(number: int | None = None, key: str | None = None, name: str = "Анастасия") -> tuple[str, bytes]:
    """Idempotency key and body of an application of the child ``number``, of a new one without it."""
    number = next(_numbers) if number is None else number
    key = str(new_id()) if key is None else key
    person = {"last_name": "Константинопольская", "first_name": name, "middle_name": "Александровна"}
    body = {
        "campaign_id": str(CAMPAIGN),
        "external_id": key,
        "filed_at": "2026-04-01T00:00:01+03:00",
        "child": {
            **person,
            "birth_date": "2023-05-01",
            "sex": "female",
            "citizenship": "643",
            "snils": complete_snils(f"{number + 200_000_000:09d}"),
            "document": {
                "kind": "birth_certificate",
                "series": "IV-АГ",
                "number": f"{number % 1_000_000:06d}",
                "issued_on": "2023-05-20",
            },
        },
        "representatives": [
            {**person, "kinship": "mother", "phone": "+79180000000", "email": "family@example.org", "snils": None}
        ],
        "choices": [{"organization_id": str(id_)} for id_ in ORGANIZATIONS],
        "desired_from": "2026-09-01",
        "benefits": [{"code": "large_family"}],
        "siblings_in": [str(ORGANIZATIONS[0])],
        "consent": {
            "given_at": "2026-04-01T00:00:00+03:00",
            "operator": "Управление образования",
            "purposes": ["Приём заявления и постановка на учёт", "Зачисление в образовательную организацию"],
        },
    }
    return key, dumps(body, ensure_ascii=False).encode()
