"""Runtime of auth: beside the common parts its own keys and the pool that hashes passwords."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends

from asu_contracts.exchanges import Service
from auth.passwords import Passwords
from auth.settings import AuthSettings
from auth.signing import OwnVerifier, SigningKeys, TokenIssuer
from servicekit.http.dependencies import get_runtime
from servicekit.runtime import Runtime


class AuthRuntime(Runtime):
    """What a process of auth shares. Without ``ASU_SIGNING_KEY_FILE`` only the worker and the command line can run."""

    def __init__(self, settings: AuthSettings, process: str) -> None:
        super().__init__(Service.AUTH, settings, process=process)
        self.auth_settings = settings
        self.passwords = Passwords(settings)
        self._keys: SigningKeys | None = None
        if settings.signing_key_file is not None:
            self._keys = SigningKeys.load(settings.signing_key_file, settings.previous_key_file)
        self.verifier = OwnVerifier(settings.token_issuer, self._keys.public if self._keys else None)

    @property
    def keys(self) -> SigningKeys:
        """Keys of access tokens; raises ``RuntimeError`` if the process was given none."""
        if self._keys is None:
            raise RuntimeError("ASU_SIGNING_KEY_FILE is not set")
        return self._keys

    @property
    def tokens(self) -> TokenIssuer:
        """Issuer of access tokens."""
        settings = self.auth_settings
        return TokenIssuer(self.keys, settings.token_issuer, timedelta(seconds=settings.access_token_seconds))

    @property
    def slip_lifetime(self) -> timedelta:
        """How long a one-time password may wait for its first use."""
        return timedelta(days=self.auth_settings.slip_days)

    async def close(self) -> None:
        """Release connections and threads."""
        self.passwords.close()
        await super().close()


CurrentAuth = Annotated[AuthRuntime, Depends(get_runtime)]
"""The process's runtime in a route."""
