"""Whose the ids are that statistics count people under: reporting knows no names, its readers ask here, each by the own rights."""
