"""Our controls beside an independent program: ``rosstat-flc``, in an environment of its own."""
