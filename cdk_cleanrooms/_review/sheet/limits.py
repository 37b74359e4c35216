"""What is decided at deployment, what this version does not know, and what no template shows."""

from __future__ import annotations

from collections.abc import Iterator

from ..comparison import CUSTOM_RESOURCES, SSM_PARAMETER, relevant
from ..directions import TABLE
from ..document import Section, Table, Text, listed, quoted
from ..resources import SERVICES
from ..values import deciders
from ..walking import unknown_members
from .view import View
from .words import resource_words

_NOT_VISIBLE = (
    "The analysis rules, templates and policies of partners for their own tables. In a query all"
    " rules hold together, and the strictest wins.",
    "Change requests, by which members, abilities and payers change after the collaboration was"
    " created.",
    "How much of a budget is used.",
    "The data itself: what a column contains, and how few records share a value.",
    "What exists in AWS but not in these templates, such as policies of buckets and roles, and"
    " who may use the accounts of the members.",
    "What can be concluded from several results together.",
)


def open_values(view: View) -> Section:
    """Return the section about what is decided at deployment, or not known."""
    section = Section(("Decided at deployment, or not known",))
    rows: list[list[Text]] = []
    for it in relevant(view.resources):
        for name, value in sorted(it.properties.items()):
            who = sorted({*deciders(value)})
            if who:
                rows.append([resource_words(it.identity), quoted(name), listed(who)])
    if rows:
        section.blocks.append(Table(("What", "Property", "Decided by"), rows))
    for words in _unknown(view):
        section.say(*words)
    return section


def _unknown(view: View) -> Iterator[Text]:
    for stack, name, _ in view.assembly.generated():
        where = (" in the stack ", *quoted(stack.id)) if stack.id else ()
        yield (
            "The templates do not show the resources that ",
            *quoted(name),
            *where,
            " makes.",
        )
    for it in relevant(view.resources):
        if it.type in TABLE:
            for path in unknown_members(TABLE[it.type], it.properties):
                yield (
                    "This version of the command does not know the property ",
                    *quoted(path),
                    " of ",
                    *quoted(it.identity),
                    ".",
                )
        elif it.type.startswith(SERVICES):
            yield ("This version of the command does not know ", *quoted(it.identity), ".")
        elif it.type.startswith(CUSTOM_RESOURCES):
            yield (
                "The custom resource ",
                *quoted(it.identity),
                " can change what these templates say.",
            )
        elif it.type != SSM_PARAMETER:
            yield ("A person has to read ", *quoted(it.identity), ".")


def not_visible(_view: View) -> Section:
    """Return the section about what no template shows."""
    section = Section(("Not visible here",))
    for words in _NOT_VISIBLE:
        section.say(words)
    return section
