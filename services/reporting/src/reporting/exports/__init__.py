"""Built forms as files to print and hand in."""
