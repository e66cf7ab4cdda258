"""The form engine: pure code that knows no form, no database session and no row number."""
