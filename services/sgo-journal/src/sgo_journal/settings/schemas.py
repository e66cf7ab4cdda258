"""Settings of journals over HTTP."""

from typing import Annotated

from pydantic import BaseModel, Field

from servicekit.http import Body

EditDays = Annotated[
    int | None,
    Field(ge=0, le=366, title="Сколько дней после урока учитель может править журнал; пусто: до закрытия периода"),
]
ClassTeacherWrites = Annotated[bool, Field(title="Классный руководитель пишет во все журналы своего класса")]


class SettingsIn(Body):
    """What an organization decides about its journals."""

    edit_days: EditDays
    class_teacher_writes: ClassTeacherWrites


class SettingsOut(BaseModel):
    """Settings in force; version 0: nobody has changed them yet."""

    edit_days: EditDays
    class_teacher_writes: ClassTeacherWrites
    version: int
