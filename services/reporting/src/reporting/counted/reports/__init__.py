"""The reports, a small module each: SQL over facts, and the sections it becomes."""
