"""What may be wrong with a file of a report."""


class ReportFileError(ValueError):
    """The file is no report of the form: not well formed, or it names what the form has not."""
