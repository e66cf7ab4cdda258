"""A made-up form that counts every dataset in every way the engine knows."""

from pathlib import Path

from reporting.engine.catalog import load_definition

EVERYTHING = load_definition(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
