"""The garbage collector of a process that runs for long."""

import gc

_ALLOCATIONS = 50_000
_GENERATIONS = 20


def settle() -> None:
    """Leave what the start made out of every later collection, and collect in larger portions.

    Modules, models and routes live as long as the process; walking them again and again took a third of a consumer's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, _GENERATIONS, _GENERATIONS)
