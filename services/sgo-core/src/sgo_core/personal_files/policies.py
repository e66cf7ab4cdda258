"""Who may do what with personal files."""

from asu_contracts.access import OFFICE
from servicekit.policies import policy

READ = policy("personal-files.read", *OFFICE, title="Личное дело обучающегося: опись бумаг")
KEEP = policy("personal-files.keep", *OFFICE, title="Ведение личного дела обучающегося")
