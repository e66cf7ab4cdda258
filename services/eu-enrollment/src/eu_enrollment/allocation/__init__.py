"""Allocation: who gets which place, and the proof that the result is fair."""
