"""Finding names that were misspelt: by trigrams of their normal form (ё as е, case and spaces do not matter)."""

from typing import Any

from sqlalchemy import ColumnElement, literal, text
from sqlalchemy.ext.asyncio import AsyncSession

from identifiers import normal_name

_ENOUGH = 0.45
"""Share of a word's trigrams that must agree: one wrong letter in a word of seven leaves half."""


async def misspelt(session: AsyncSession, words: str, column: Any) -> ColumnElement[bool]:
    """A condition that the words, in any case and with mistakes, stand in a column of names in normal form."""
    await session.execute(
        text("SELECT set_config('pg_trgm.word_similarity_threshold', :enough, true)"), {"enough": str(_ENOUGH)}
    )
    return literal(normal_name(words)).op("<%", is_comparison=True)(column)
