"""Who may see the list of forms."""

from servicekit.policies import EVERYONE, policy

FORMS_READ = policy("forms.read", *EVERYONE, title="Перечень форм")
