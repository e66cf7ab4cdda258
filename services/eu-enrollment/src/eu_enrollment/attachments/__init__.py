"""Files of documents: of a draft before it is sent, of the application it becomes (both have one id)."""
