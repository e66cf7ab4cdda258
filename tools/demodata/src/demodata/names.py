"""Russian names: surnames and streets from mimesis, gender endings and patronymics by rule."""

from random import Random

from mimesis import Address, Person
from mimesis.enums import Gender
from mimesis.locales import Locale

BOYS = (
    *(
        "Александр",
        "Алексей",
        "Андрей",
        "Арсений",
        "Артём",
        "Богдан",
        "Виктор",
        "Владимир",
        "Георгий",
        "Глеб",
        "Даниил",
    ),
    *("Денис", "Дмитрий", "Егор", "Иван", "Илья", "Кирилл", "Константин", "Лев", "Макар", "Максим", "Марк", "Матвей"),
    *(
        "Михаил",
        "Никита",
        "Николай",
        "Павел",
        "Роман",
        "Савелий",
        "Семён",
        "Сергей",
        "Степан",
        "Тимофей",
        "Фёдор",
        "Ярослав",
    ),
)
GIRLS = (
    *("Алиса", "Алина", "Анастасия", "Анна", "Арина", "Василиса", "Вера", "Вероника", "Виктория", "Дарья", "Диана"),
    *("Ева", "Екатерина", "Елизавета", "Есения", "Злата", "Кира", "Ксения", "Маргарита", "Мария", "Мила", "Милана"),
    *("Надежда", "Полина", "Ольга", "София", "Софья", "Таисия", "Ульяна", "Юлия", "Яна"),
)
MOTHERS = (
    *("Александра", "Анастасия", "Анна", "Валентина", "Виктория", "Галина", "Дарья", "Евгения", "Екатерина", "Елена"),
    *("Ирина", "Кристина", "Ксения", "Людмила", "Марина", "Мария", "Надежда", "Наталья", "Оксана", "Олеся", "Ольга"),
    *("Светлана", "Татьяна", "Юлия"),
)
FATHERS = {
    "Александр": "Александров",
    "Алексей": "Алексеев",
    "Анатолий": "Анатольев",
    "Андрей": "Андреев",
    "Антон": "Антонов",
    "Артём": "Артёмов",
    "Борис": "Борисов",
    "Вадим": "Вадимов",
    "Виктор": "Викторов",
    "Виталий": "Витальев",
    "Владимир": "Владимиров",
    "Денис": "Денисов",
    "Дмитрий": "Дмитриев",
    "Евгений": "Евгеньев",
    "Иван": "Иванов",
    "Игорь": "Игорев",
    "Константин": "Константинов",
    "Максим": "Максимов",
    "Михаил": "Михайлов",
    "Николай": "Николаев",
    "Олег": "Олегов",
    "Павел": "Павлов",
    "Роман": "Романов",
    "Сергей": "Сергеев",
    "Юрий": "Юрьев",
}
_FATHER_NAMES = tuple(FATHERS)


def feminine(surname: str) -> str:
    """The form of a surname a woman bears: -ов → -ова, -ский → -ская; indeclinable ones stay."""
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return surname + "а"
    if surname.endswith(("ий", "ый", "ой")):
        return surname[:-2] + "ая"
    return surname


def patronymic(father: str, *, male: bool) -> str:
    """Отчество from the father's first name."""
    return FATHERS[father] + ("ич" if male else "на")


class NameSource:
    """Draws names and addresses; the same seed gives the same sequence."""

    def __init__(self, rng: Random) -> None:
        seed = rng.getrandbits(64)
        self._rng = rng
        self._person = Person(Locale.RU, seed=seed)
        self._address = Address(Locale.RU, seed=seed)

    def surname(self) -> str:
        """A surname in the masculine form."""
        return self._person.surname(Gender.MALE)

    def father(self) -> str:
        return self._rng.choice(_FATHER_NAMES)

    def mother(self) -> str:
        return self._rng.choice(MOTHERS)

    def child(self, *, male: bool) -> str:
        return self._rng.choice(BOYS if male else GIRLS)

    def street_address(self) -> str:
        return f"ул. {self._address.street_name()}, д. {self._rng.randrange(1, 120)}"

    def staff(self) -> dict[str, str]:
        """Names and sex of an employee, as a card has them."""
        male = self._rng.random() < 0.2
        surname = self.surname()
        first = self.father() if male else self.mother()
        return {
            "last_name": surname if male else feminine(surname),
            "first_name": first,
            "middle_name": patronymic(self.father(), male=male),
            "sex": "male" if male else "female",
        }
