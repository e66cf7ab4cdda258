"""The whole system for tests: a stack of its own, a generated region, the journey, and what must hold afterwards."""
