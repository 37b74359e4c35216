"""Who is in a collaboration, and what each member can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..document import Section, Table, Text, listed, quoted
from ..resources import Resource
from ..values import ABSENT, as_list, get, scalar, texts
from .view import COLLABORATION, MEMBERSHIP, View, described

_ABILITIES = {
    "CAN_QUERY": "Can query",
    "CAN_RUN_JOB": "Can run jobs",
    "CAN_RECEIVE_RESULTS": "Receives results",
}
_ML_ABILITIES = {
    "CAN_RECEIVE_MODEL_OUTPUT": "Receives models",
    "CAN_RECEIVE_INFERENCE_OUTPUT": "Receives inferences",
}
_PAYMENTS = {
    "QueryCompute": "queries",
    "JobCompute": "jobs",
    "MachineLearning.ModelTraining": "training of models",
    "MachineLearning.ModelInference": "inference with models",
    "MachineLearning.SyntheticDataGeneration": "synthetic data",
}
_CHANGES = {
    "ADD_MEMBER": "that a member is added",
    "GRANT_RECEIVE_RESULTS_ABILITY": "that a member may receive results",
    "REVOKE_RECEIVE_RESULTS_ABILITY": "that a member may no longer receive results",
}
_ENCRYPTION = {
    "AllowCleartext": ("columns may be left unencrypted", "every column must be encrypted"),
    "AllowDuplicates": ("equal values may look equal", "equal values must not look equal"),
    "AllowJoinsOnColumnsWithDifferentNames": (
        "columns with different names can be joined",
        "only columns with the same name can be joined",
    ),
    "PreserveNulls": ("missing values can be seen", "missing values cannot be seen"),
}


def members(view: View) -> Section:
    """Return the section about the members."""
    section = Section(("Who is in it",))
    section.sections += [_collaboration(it) for it in view.of(COLLABORATION)]
    section.sections += [
        _membership(it)
        for it in view.of(MEMBERSHIP)
        if view.referred(it.get("CollaborationIdentifier")) is None
    ]
    return section


@dataclass(frozen=True)
class Member:
    """A member of a collaboration.

    Attributes:
        name: The name that the others see.
        account: The account.
        abilities: What the member can do.
    """

    name: Any
    account: Any
    abilities: Sequence[str]


def members_of(collaboration: Resource) -> list[Member]:
    """Return the members of a collaboration, with its creator first."""
    return [
        Member(
            collaboration.get("CreatorDisplayName"),
            collaboration.scope.value({"Ref": "AWS::AccountId"}),
            texts(collaboration.get("CreatorMemberAbilities")),
        ),
        *(
            Member(get(it, "DisplayName"), get(it, "AccountId"), texts(get(it, "MemberAbilities")))
            for it in as_list(collaboration.get("Members"))
        ),
    ]


def names_with(collaboration: Resource, ability: str) -> list[Any]:
    """Return the display names of the members with an ability."""
    return [it.name for it in members_of(collaboration) if ability in it.abilities]


def _collaboration(resource: Resource) -> Section:
    section = described("Collaboration", resource)
    account: Any = resource.stack.account or "the account that deploys it"
    creator = {
        "DisplayName": resource.get("CreatorDisplayName"),
        "MemberAbilities": resource.get("CreatorMemberAbilities"),
        "MLMemberAbilities": resource.get("CreatorMLMemberAbilities"),
        "PaymentConfiguration": resource.get("CreatorPaymentConfiguration"),
    }
    rows = [_member(creator, quoted(account) if resource.stack.account else (account,))]
    listed_members = resource.get("Members")
    for member in as_list(listed_members):
        if isinstance(member, dict):
            rows.append(_member(member, quoted(member.get("AccountId", ABSENT))))
        else:
            section.say("There can be another member: ", *quoted(member), ".", source="Members")
    section.blocks.append(
        Table(
            ("Member", "Account", *_ABILITIES.values(), *_ML_ABILITIES.values(), "Pays for"),
            rows,
            (
                "CreatorMemberAbilities",
                "CreatorMLMemberAbilities",
                "CreatorPaymentConfiguration",
                "Members",
            ),
        )
    )
    changes = as_list(resource.get("AutoApprovedChangeTypes"))
    if changes:
        words = [_CHANGES.get(scalar(it), scalar(it)) for it in changes]
        known = [it in _CHANGES.values() for it in words]
        section.say(
            "Nobody is asked before these changes: ",
            *_joined([(it,) if ok else quoted(it) for it, ok in zip(words, known, strict=True)]),
            ".",
            source="AutoApprovedChangeTypes",
        )
    regions = resource.get("AllowedResultRegions")
    if regions is ABSENT:
        section.say("Results may go to every AWS Region.", source="AllowedResultRegions")
    elif regions == []:
        section.say(
            "AWS does not say to which Regions results may go, because the list is empty.",
            source="AllowedResultRegions",
        )
    else:
        section.say(
            "Results may go only to these AWS Regions: ",
            *listed(as_list(regions)),
            ".",
            source="AllowedResultRegions",
        )
    _encryption(section, resource)
    return section


def _encryption(section: Section, resource: Resource) -> None:
    metadata = resource.get("DataEncryptionMetadata")
    if metadata is ABSENT:
        section.say(
            "The collaboration does not ask members to encrypt columns before they share them.",
            source="DataEncryptionMetadata",
        )
        return
    said = []
    for name, (yes, no) in _ENCRYPTION.items():
        value = get(metadata, name)
        text = scalar(value).lower()
        said.append(
            (yes if text == "true" else no,)
            if value is ABSENT or text in ("true", "false")
            else (f"{name}: ", *quoted(value))
        )
    section.say(
        "Members encrypt columns before they share them; ",
        *_joined(said),
        ".",
        source="DataEncryptionMetadata",
    )


def _member(member: Any, account: Text) -> list[Text]:
    row = [quoted(get(member, "DisplayName")), account]
    for names, path in (
        (_ABILITIES, "MemberAbilities"),
        (_ML_ABILITIES, "MLMemberAbilities.CustomMLMemberAbilities"),
    ):
        value = get(member, path)
        found = texts(value)
        row += [("yes" if name in found else "no",) for name in names]
        others = [it for it in as_list(value) if scalar(it) not in names]
        if others:
            row[0] = (*row[0], " also: ", *listed(others))
    paid: list[Text] = []
    for path, words in _PAYMENTS.items():
        value = get(member, f"PaymentConfiguration.{path}.IsResponsible")
        if scalar(value).lower() == "true":
            paid.append((words,))
        elif value is not ABSENT and scalar(value).lower() != "false":
            paid.append((f"{words}: ", *quoted(value)))
    row.append(_joined(paid) if paid else ("not stated",))
    return row


def _membership(resource: Resource) -> Section:
    section = described("Membership", resource)
    account = resource.stack.account
    section.say(
        *(quoted(account) if account else ("The account that deploys it",)),
        " is a member of the collaboration ",
        *quoted(resource.get("CollaborationIdentifier")),
        ". Who else is in it is not in these templates.",
        source="CollaborationIdentifier",
    )
    return section


def _joined(parts: list[Text]) -> Text:
    found: list[str] = []
    for part in parts:
        found += [", ", *part] if found else part
    return tuple(found)
