"""The acceptance log: receipts in hash-chained blocks, so that nobody can add, change or take one away unseen."""
