"""One action over many applications: shown first, then carried out exactly as shown, with a result for each."""
