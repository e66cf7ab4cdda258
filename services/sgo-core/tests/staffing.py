"""Workers as the tests hire them."""

from typing import Any

from .world import snils


def hiring(number: int, *, post: str = "teacher", main: bool = True, **values: Any) -> dict[str, Any]:
    """A worker to hire; ``values`` of the card replace those made up."""
    return {
        "values": {
            "last_name": "Учителева",
            "first_name": "Вера",
            "middle_name": "Примеровна",
            "birth_date": "1985-04-12",
            "sex": "female",
            "snils": snils(900_000 + number),
            **values,
        },
        "employment": {
            "post_code": post,
            "main": main,
            "rate": "1",
            "hired_on": "2020-09-01",
            "order_number": f"{number}-к",
            "order_date": "2020-08-28",
        },
    }
