"""Sealing: rows in hash-chained blocks of Merkle trees, so that nobody can add, change or take one away unseen."""
