"""A small picture of members, tables and flows, and the table with the same content."""

from __future__ import annotations

from ..document import Picture, Section, Table, Text, quoted
from ..resources import Resource
from ..values import ABSENT, as_list, get, texts
from .view import (
    ASSOCIATION,
    COLLABORATION,
    ID_ASSOCIATION,
    ID_MAPPING_TABLE,
    MEMBERSHIP,
    View,
)

_CONTENT = {
    ASSOCIATION: ("table", "is queried in"),
    ID_ASSOCIATION: ("ids", "gives IDs to"),
    ID_MAPPING_TABLE: ("ids", "links IDs in"),
}
_ABILITIES = {
    "CAN_QUERY": "queries",
    "CAN_RUN_JOB": "runs jobs in",
    "CAN_RECEIVE_RESULTS": "receives results of",
}


class _Graph:
    def __init__(self) -> None:
        self.nodes: dict[tuple[str, str], int] = {}
        self.edges: list[tuple[int, int, str]] = []

    def add(self, source: tuple[str, str], target: tuple[str, str], label: str) -> None:
        ends = [self.nodes.setdefault(it, len(self.nodes)) for it in (source, target)]
        edge = (ends[0], ends[1], label)
        if edge not in self.edges:
            self.edges.append(edge)


def picture(view: View) -> Section:
    """Return the section with the picture."""
    graph = _Graph()
    for it in view.of(COLLABORATION):
        room = ("room", it.name)
        members = [(it.get("CreatorDisplayName"), it.get("CreatorMemberAbilities"))]
        members += [
            (get(member, "DisplayName"), get(member, "MemberAbilities"))
            for member in as_list(it.get("Members"))
        ]
        for name, abilities in members:
            verbs = [words for ability, words in _ABILITIES.items() if ability in texts(abilities)]
            for verb in verbs or ["is in"]:
                graph.add(("member", "".join(quoted(name))), room, verb)
    for type_name, (kind, verb) in _CONTENT.items():
        for it in view.of(type_name):
            graph.add((kind, it.text("Name") or it.name), _room(view, it), verb)
    for it in view.of(MEMBERSHIP):
        bucket = it.get("DefaultResultConfiguration.OutputConfiguration.S3.Bucket")
        if bucket is not ABSENT:
            graph.add(_room_of(view, it), ("place", "".join(quoted(bucket))), "writes results to")
    section = Section(("What flows where",))
    if not graph.edges:
        return section
    names = [*graph.nodes]
    section.blocks.append(Picture([(name, kind) for kind, name in names], tuple(graph.edges)))
    rows: list[list[Text]] = [
        [quoted(names[source][1]), (verb,), quoted(names[target][1])]
        for source, target, verb in graph.edges
    ]
    section.blocks.append(Table(("From", "Flow", "To"), rows))
    return section


def _room(view: View, resource: Resource) -> tuple[str, str]:
    membership = view.referred(resource.get("MembershipIdentifier"))
    if membership is None:
        return "room", resource.text("MembershipIdentifier")
    return _room_of(view, membership)


def _room_of(view: View, membership: Resource) -> tuple[str, str]:
    collaboration = view.referred(membership.get("CollaborationIdentifier"))
    if collaboration is None:
        return "room", membership.text("CollaborationIdentifier")
    return "room", collaboration.name
