"""Test helpers: real servers, a fresh database per test, tokens, the matrix of rights.

Loaded as a pytest plugin (``-p servicekit.testing.plugin``). A service's ``conftest.py`` only has to define a session
fixture ``definition`` that returns its ``ServiceDefinition``.
"""

from servicekit.testing.harness import Database, ServiceUnderTest, Template
from servicekit.testing.messages import deliver, received
from servicekit.testing.tokens import TokenFactory

__all__ = ["Database", "ServiceUnderTest", "Template", "TokenFactory", "deliver", "received"]
