"""Notebooks whose outputs are true: a pytest plugin that imports nothing else of this package."""
