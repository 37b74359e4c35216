"""Characters that must not reach a reader as they are."""

from __future__ import annotations

import unicodedata

# Characters of these categories hide text, change its direction, or are not assigned.
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def visible(text: str, keep: str = "") -> str:
    """Return text in which hidden characters are visible, as in a string of Python.

    Args:
        text: The text.
        keep: Characters that stay as they are.

    Returns:
        The text.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        each if each in keep or unicodedata.category(each) not in _HIDDEN else _escaped(each)
        for each in text
    )


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}"
