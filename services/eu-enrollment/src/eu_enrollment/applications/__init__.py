"""Applications: acceptance with a receipt, the state machine, history, place in the queue."""
