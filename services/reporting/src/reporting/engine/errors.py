"""What may be wrong with a form definition."""


class DefinitionError(ValueError):
    """A form definition or one of its expressions is not well formed. The message is for its author."""
