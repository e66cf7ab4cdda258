"""What leaves a service for the outside: on record in the transaction that hands it out, and told to the registry of all exchanges.

A service that has such things: ``model.attach`` beside its models, ``servicekit.migrations.outward.create_v1`` in its first migration,
which grants the table as append-only, ``recording.facts`` of its event among its sources. The event is the record: its fields are the
table's columns.
"""
