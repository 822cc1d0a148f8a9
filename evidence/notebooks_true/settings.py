"""What a folder asks of its notebooks: ``true-notebooks.toml``, beside them or above."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from evidence.notebooks_true.numbers import NOISE

NAME = "true-notebooks.toml"
KINDS = ("order", "errors", "stderr", "hidden", "markers", "paths", "widgets", "unrun")


class SettingsError(Exception):
    """A file of settings that cannot be understood."""


@dataclass(frozen=True)
class Settings:
    """Settings of one notebook.

    Attributes
    ----------
    tolerance : float
        Relative difference of two floats that does not count; whole numbers must be the same.
    timeout : float
        Seconds that a cell may take.
    prose : str
        ``bound``: every number in the text is bound to a value or declared; ``off``: numbers that
        are bound are compared, others are not looked at.
    constants : frozenset of str
        Numbers that are not results, as they are written.
    years : bool
        Whether a year after a name, as in Boon 2021, is a reference and no result.
    words : bool
        Whether numbers in words, from three on, are numbers.
    allow : frozenset of str
        Checks that are left out.
    ignore : tuple of str
        Regular expressions; what they match in outputs is not compared.
    """

    tolerance: float = NOISE
    timeout: float = 120.0
    prose: str = "off"
    constants: frozenset[str] = frozenset()
    years: bool = False
    words: bool = False
    allow: frozenset[str] = frozenset()
    ignore: tuple[str, ...] = field(default=())


def settings_for(path: Path, root: Path) -> Settings:
    """Settings of a notebook: of the nearest file above it, no higher than ``root``.

    Raises
    ------
    SettingsError
        When the file is not TOML, or has an unknown key or value.
    """
    for folder in [path.parent, *path.parent.parents]:
        if (folder / NAME).is_file():
            return read_settings(folder / NAME, path)
        if folder == root:
            break
    return Settings()


def read_settings(file: Path, path: Path) -> Settings:
    """Settings of a file, with those that it has for this notebook alone."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except RecursionError:
        raise SettingsError(f"{file}: is nested too deeply") from None
    except ValueError as error:  # not TOML, not UTF-8, a number with too many digits
        raise SettingsError(f"{file}: {error}") from None
    own = content.pop("notebook", {})
    if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
        raise SettingsError(f'{file}: notebook holds no tables; allowed: [notebook."NAME"]')
    made = changed(Settings(), content, file)
    key = path.relative_to(file.parent).as_posix()
    of_this: dict[str, Any] = own[key] if key in own else own.get(path.name, {})
    return changed(made, of_this, file)


# What TOML has for a kind of setting, where it has another name there.
PLAIN: dict[type, Any] = {frozenset: list, tuple: list, float: (float, int)}


def changed(settings: Settings, content: dict[str, Any], file: Path) -> Settings:
    """Settings with some replaced.

    >>> changed(Settings(), {"tolerance": 0.01}, Path("x.toml")).tolerance
    0.01
    """
    known = {one.name: type(getattr(settings, one.name)) for one in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in content.items():
        if key not in known:
            raise SettingsError(f"{file}: unknown key {key!r}; known are {', '.join(known)}")
        kind = known[key]
        plain = PLAIN.get(kind, kind)
        if not isinstance(value, plain) or (kind is float and isinstance(value, bool)):
            raise SettingsError(f"{file}: {key} must be {_in_words(kind)}, not {value!r}")
        items: Any = map(str, value) if isinstance(value, list) else value
        values[key] = kind(items)
    if values.get("prose", "off") not in ("bound", "off"):
        raise SettingsError(f"{file}: prose must be 'bound' or 'off', not {values['prose']!r}")
    if unknown := sorted(values.get("allow", frozenset()) - set(KINDS)):
        raise SettingsError(f"{file}: allow has {unknown[0]!r}; known are {', '.join(KINDS)}")
    return replace(settings, **values)


def _in_words(kind: type) -> str:
    words = {float: "a number", bool: "true or false", str: "text"}
    return words.get(kind, "a list of texts")
