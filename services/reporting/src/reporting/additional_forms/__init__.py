"""Additional forms: tables that an organization, a municipality or the region defines for itself, filled by hand and summed up."""
