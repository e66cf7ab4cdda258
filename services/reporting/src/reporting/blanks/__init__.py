"""Official blanks of forms (XLSX): supplied by the region, kept as versions, filled instead of our own layout."""
