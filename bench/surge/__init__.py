"""A replayed 1 April: a crowd, killed servers, and the proof that nobody was lost, doubled or put in another's place."""
