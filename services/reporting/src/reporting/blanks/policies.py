"""Who supplies official blanks."""

from asu_contracts.access import BODIES, Role
from servicekit.policies import policy

BLANKS_READ = policy("blanks.read", *BODIES, title="Бланки форм: просмотр")
BLANKS_SUPPLY = policy("blanks.supply", Role.REGION_ADMIN, title="Бланки форм: загрузка и отзыв")
