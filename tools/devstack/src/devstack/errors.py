"""The one error of the stack: what the user reads when something cannot be done."""


class StackError(Exception):
    """A Russian sentence that says what is wrong and what to do."""
