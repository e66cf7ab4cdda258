"""Benches: each compares our code with a yardstick doing the same work, in turn, in one run."""
