"""Who reads notices to classes."""

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy

READ = policy("notices.read", *OFFICE, Role.TEACHER, title="Извещения классу: учителю — класса, которым он руководит")
READ_OWN = policy("notices.read-own", Role.GUARDIAN, Role.STUDENT, title="Извещения об изменениях в расписании ребёнка")
