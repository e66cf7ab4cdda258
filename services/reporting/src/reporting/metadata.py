"""Tables of the service share one metadata, so that migrations and models can be compared."""

from servicekit.db import make_metadata

metadata = make_metadata()
