"""A school whose teachers write in its journals, for the benches of the journal."""
