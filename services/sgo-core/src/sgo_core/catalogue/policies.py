"""Who reads the data catalogue: everyone, for it holds no data."""

from servicekit.policies import EVERYONE, policy

READ = policy("catalogue.read", *EVERYONE, title="Каталог данных карточек")
