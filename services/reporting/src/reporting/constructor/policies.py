"""Who puts reports together, keeps and publishes them. What of the data each role counts by stands in ``semantics``."""

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy

_ALL = BODIES | OFFICE

CONSTRUCTOR_RUN = policy("constructor.run", *_ALL, title="Конструктор отчётов: построение таблиц и диаграмм")
SAVED_REPORTS_READ = policy("saved-reports.read", *_ALL, title="Сохранённые отчёты: свои и общие своего подразделения")
SAVED_REPORTS_EDIT = policy("saved-reports.edit", *_ALL, title="Сохранение, изменение и удаление своих отчётов")
SAVED_REPORTS_EXPORT = policy("saved-reports.export", *_ALL, title="Выгрузка сохранённых отчётов")
SAVED_REPORTS_PUBLISH = policy(
    "saved-reports.publish", *BODIES, Role.HEAD, title="Публикация отчётов без входа, с порогом малых чисел"
)
