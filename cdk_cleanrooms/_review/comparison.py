"""Compare two assemblies: whether more or less can be learned with the new one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from .assembly import Stack
from .changes import WHOLE, Change, shown
from .directions import (
    LESS,
    MORE,
    NEUTRAL,
    POLICY,
    TABLE,
    UNCLEAR,
    Effect,
    Special,
    Whole,
    is_opaque,
)
from .pairing import Pairs
from .policies import (
    KEY_POLICY,
    Grant,
    Policy,
    managed_policies,
    policies,
    statements,
    uncovered,
)
from .resolving import STORED_IN
from .resources import GENERATED, SERVICES, Assembly, Resource, called, is_possible
from .specials import SPECIALS, effect_of_existence, rule_of
from .values import (
    ABSENT,
    as_list,
    deciders as deciders_of,
    get,
    is_open,
    plain,
    same,
    scalar,
)
from .walking import NOT_KNOWN, Facts, Walk, severity, worst

ANALYSIS_TEMPLATE = "AWS::CleanRooms::AnalysisTemplate"
ASSOCIATION = "AWS::CleanRooms::ConfiguredTableAssociation"
BUCKET = "AWS::S3::Bucket"
BUDGET = "AWS::CleanRooms::PrivacyBudgetTemplate"
COLLABORATION = "AWS::CleanRooms::Collaboration"
CONFIGURED_TABLE = "AWS::CleanRooms::ConfiguredTable"
MEMBERSHIP = "AWS::CleanRooms::Membership"
SSM_PARAMETER = "AWS::SSM::Parameter"

# A change of these properties makes CloudFormation create the resource anew.
_CREATE_ONLY = {
    BUDGET: ("MembershipIdentifier", "PrivacyBudgetType", "AutoRefresh", "Parameters.ResourceArn"),
    MEMBERSHIP: ("CollaborationIdentifier",),
    ASSOCIATION: ("ConfiguredTableIdentifier", "MembershipIdentifier", "Name"),
    COLLABORATION: (
        "AllowedResultRegions",
        "AutoApprovedChangeTypes",
        "CreatorDisplayName",
        "CreatorMLMemberAbilities",
        "CreatorMemberAbilities",
        "CreatorPaymentConfiguration",
        "DataEncryptionMetadata",
        "JobLogStatus",
        "Members",
        "QueryLogStatus",
    ),
}
# From a budget to all that it depends on.
_CHAIN = (
    "Parameters.ResourceArn",
    "ConfiguredTableIdentifier",
    "MembershipIdentifier",
    "CollaborationIdentifier",
)
# Nothing else says what these properties of a new resource allow.
_AT_CREATION = {
    "AWS::IAM::Group": ("ManagedPolicyArns",),
    "AWS::IAM::Role": ("ManagedPolicyArns",),
    "AWS::IAM::User": ("Groups", "ManagedPolicyArns"),
    "AWS::S3::Bucket": ("AccessControl", "ReplicationConfiguration", "WebsiteConfiguration"),
}
_REMOVAL = ("DeletionPolicy", "UpdateReplacePolicy")
_ANEW = "CloudFormation creates this anew, so what was used of the budget begins again."
_ELSEWHERE = "CloudFormation creates all resources of the stack anew in the other place."
_REMAINS = "It remains in AWS, as its DeletionPolicy says."
# How values are written that an SSM parameter contains.
_READINGS = (("{{resolve:ssm:", "}}"), ("{{resolve:ssm:", ":"), (STORED_IN, "}"))
CUSTOM_RESOURCES = ("Custom::", "AWS::CloudFormation::CustomResource")
# Their attributes can have any value, also an account.
_SOURCES = (*CUSTOM_RESOURCES, SSM_PARAMETER)
_OWN_SERVICES = ("cleanrooms", "entityresolution")


def compare(old: Assembly, new: Assembly) -> list[Change]:
    """Compare two assemblies.

    Args:
        old: The old assembly.
        new: The new assembly.

    Returns:
        All changes, with those that matter most first.
    """
    found = [*_Comparison(old, new).changes()]
    return sorted(
        found,
        key=lambda it: (
            severity(it.effect),
            it.identity,
            it.property,
            json.dumps([it.old, it.new], sort_keys=True, ensure_ascii=False),
            it.collaboration or "",
        ),
    )


class _Comparison:
    def __init__(self, old: Assembly, new: Assembly) -> None:
        self._old, self._new = old, new
        self._old_resources = relevant(old.resources())
        self._new_resources = relevant(new.resources())
        self._pairs = Pairs(self._old_resources, self._new_resources)
        self._by_identity = {it.identity: it for it in self._new_resources}
        self._old_policies = policies(self._old_resources, self._pairs.rename)
        self._new_policies = policies(self._new_resources, lambda value: value)
        self._facts = self._find_facts()
        self._collaborations: dict[str, set[str]] = {}
        for it in self._new_resources:
            if it.type == ASSOCIATION:
                table = scalar(it.get("ConfiguredTableIdentifier"))
                membership = it.get("MembershipIdentifier")
                us = self._by_identity.get(_referred(membership))
                room = called(us.get("CollaborationIdentifier") if us else membership)
                self._collaborations.setdefault(table, set()).add(room)

    def changes(self) -> Iterator[Change]:
        yield from self._generated()
        yield from self._elsewhere()
        for before, after in self._pairs.both:
            for change in self._of_pair(before, after):
                yield from self._in_each_collaboration(change, after)
        for resource in self._pairs.created:
            yield from self._existence(resource, is_there=True)
        for resource in self._pairs.removed:
            yield from self._existence(resource, is_there=False)
        for resource in self._new_resources:
            if resource.type == BUDGET and self._pairs.old_of(resource) is not None:
                yield from self._begins_again(resource)
        yield from self._of_policies()

    def _find_facts(self) -> Facts:
        all_policies = [*self._old_policies.values(), *self._new_policies.values()]
        providers = [
            account
            for it in self._new_resources
            if (rule := rule_of(it.properties)) is not None
            for account in as_list(rule[1].get("AllowedAnalysisProviders", ABSENT))
        ]
        return Facts(
            tags_matter=any(
                "tag" in key
                for policy in all_policies
                for grant in policy.grants
                for _, key, _ in grant.condition
            )
            or any("tag" in text.lower() for policy in all_policies for text in policy.opaque),
            managed=managed_policies([*self._old_resources, *self._new_resources]),
            providers=frozenset(map(called, providers)),
            has_open_providers=any(map(is_open, providers)),
            members=frozenset(
                called(get(member, "AccountId"))
                for it in self._new_resources
                if it.type == COLLABORATION
                for member in as_list(it.get("Members"))
            ),
            jobs=frozenset(
                scalar(it.scope.value({"Fn::GetAtt": [it.logical_id, "Arn"]}))
                for it in self._new_resources
                if it.type == ANALYSIS_TEMPLATE and it.text("Format").startswith("PYSPARK")
            ),
            buckets={
                scalar(it.scope.value({"Ref": it.logical_id})): it.stack.account
                for it in self._new_resources
                if it.type == BUCKET and it.stack.account
            },
        )

    def _of_pair(self, before: Resource, after: Resource) -> Iterator[Change]:
        old = self._pairs.rename(before.properties)
        if after.type not in TABLE or any(GENERATED in it for it in (old, after.properties)):
            if not same(old, after.properties):
                yield _change(after, WHOLE, old, after.properties, UNCLEAR, _why(after))
        else:
            walk = self._walk(after, old, after.properties)
            for it in walk.differences():
                yield _change(after, it.path, it.old, it.new, it.effect, it.note)
        if not same(before.presence, after.presence):
            yield self._other_condition(before, after)
        for name in _REMOVAL:
            was, now = (it.scope.value(it.declaration.get(name)) for it in (before, after))
            if not same(was, now):
                yield _change(after, name, was, now, NEUTRAL)

    def _walk(self, resource: Resource, old: Any, new: Any) -> Walk:
        return Walk(
            TABLE[resource.type],
            old,
            new,
            resource=resource,
            facts=self._facts,
            specials=SPECIALS,
        )

    def _other_condition(self, before: Resource, after: Resource) -> Change:
        default = after.presence.default if is_possible(after) else True
        is_as_before = before.presence is True and default is True
        reaches = worst(
            [
                self._effect_of_existence(after, is_there=True),
                self._effect_of_existence(after, is_there=False),
            ]
        )
        return _change(
            after,
            "Condition",
            scalar(before.presence),
            scalar(after.presence),
            NEUTRAL if is_as_before or reaches is NEUTRAL else UNCLEAR,
            deciders=[*deciders_of([before.presence, after.presence])],
        )

    def _existence(self, resource: Resource, *, is_there: bool) -> Iterator[Change]:
        row = TABLE.get(resource.type, {}).get("")
        if row == POLICY:
            # Its statements are compared with all others of the same subject.
            yield from self._at_creation(resource) if is_there else ()
            return
        effect = self._effect_of_existence(resource, is_there=is_there)
        note, who = _why(resource), [*deciders_of(resource.presence)]
        if is_possible(resource) and effect.is_gated:
            default = resource.presence.default
            effect = NEUTRAL if is_there and default is False else UNCLEAR
        properties = shown(resource.properties)
        if is_there:
            yield _change(resource, WHOLE, ABSENT, properties, effect, note, deciders=who)
            yield from self._at_creation(resource)
        else:
            if _is_retained(resource):
                note = f"{note} {_REMAINS}".strip()
                # What it allows, it still allows.
                effect = NEUTRAL if effect is LESS else effect
            yield _change(resource, WHOLE, properties, ABSENT, effect, note, deciders=who)

    def _at_creation(self, resource: Resource) -> Iterator[Change]:
        rows = TABLE.get(resource.type)
        if rows is None:
            return
        walk = self._walk(resource, {}, resource.properties)
        for it in walk.unknown("", "", resource.properties):
            yield _change(resource, it.path, it.old, it.new, it.effect, it.note)
        for name in _AT_CREATION.get(resource.type, ()):
            value = resource.properties.get(name, ABSENT)
            for it in walk.compare(name, name, ABSENT, value):
                yield _change(resource, it.path, it.old, it.new, it.effect, it.note)

    def _effect_of_existence(self, resource: Resource, *, is_there: bool) -> Effect:
        row = TABLE.get(resource.type, {}).get("")
        match row:
            case Whole():
                return row.added if is_there else row.removed
            case Special():
                return effect_of_existence(row.name, resource, self._facts, is_there=is_there)
        return UNCLEAR

    def _in_each_collaboration(self, change: Change, resource: Resource) -> Iterator[Change]:
        names: Iterable[str] = ()
        if resource.type == CONFIGURED_TABLE:
            own = scalar(resource.scope.value({"Ref": resource.logical_id}))
            names = self._collaborations.get(own, ())
        if not names:
            yield change
        for name in names:
            yield replace(change, collaboration=name)

    def _begins_again(self, budget: Resource) -> Iterator[Change]:
        chain = [budget]
        for path in _CHAIN:
            for resource in [*chain]:
                found = self._by_identity.get(_referred(resource.get(path)))
                if found is not None and found not in chain:
                    chain.append(found)
        for resource in chain:
            before = self._pairs.old_of(resource)
            if before is None:
                yield _change(budget, f"{WHOLE} anew", ABSENT, resource.identity, UNCLEAR, _ANEW)
                continue
            old = self._pairs.rename(before.properties)
            changed = [
                path
                for path in _CREATE_ONLY.get(resource.type, ())
                if not _same_set(get(old, path), resource.get(path))
            ]
            was, now = _place(before), _place(resource)
            if "" in (was[0], now[0]):
                was, now = ("", was[1]), ("", now[1])
            if was != now or changed:
                yield _change(
                    budget,
                    f"{WHOLE} anew",
                    {"resource": resource.identity, "place": " ".join(was).strip()}
                    | {path: plain(get(old, path)) for path in changed},
                    {"resource": resource.identity, "place": " ".join(now).strip()}
                    | {path: plain(resource.get(path)) for path in changed},
                    UNCLEAR,
                    _ANEW,
                )

    def _of_policies(self) -> Iterator[Change]:
        kept, removed = (
            {it.identity for it in self._pairs.removed if _is_retained(it) == is_kept}
            for is_kept in (True, False)
        )
        created = {it.identity for it in self._pairs.created}
        for subject, property in sorted({*self._old_policies, *self._new_policies}):
            key = (subject, property)
            before = self._old_policies.get(key) or Policy(set(), set(), set())
            yield from _of_policy(
                key,
                before,
                self._new_policies.get(key) or Policy(set(), set(), set()),
                is_removed=subject in removed,
                is_kept=subject in kept and all(map(_is_retained, before.sources)),
                is_created=subject in created,
            )

    def _elsewhere(self) -> Iterator[Change]:
        told = set()
        for pair in self._pairs.both:
            stacks = self._old.root_of(pair[0]), self._new.root_of(pair[1])
            was, now = ({"account": it.account, "region": it.region} for it in stacks)
            ids = tuple(it.id for it in stacks)
            # A single template has no environment.
            if was != now and ids not in told and all(it.name for it in stacks):
                told.add(ids)
                yield Change(f"Stack {ids[1]}", "Environment", was, now, UNCLEAR, _ELSEWHERE)

    def _generated(self) -> Iterator[Change]:
        olds = {(stack.id, name): (stack, text) for stack, name, text in self._old.generated()}
        news = {(stack.id, name): (stack, text) for stack, name, text in self._new.generated()}
        for stack_id, name in sorted({*olds, *news}):
            old, new = olds.get((stack_id, name)), news.get((stack_id, name))
            # The result of a transform depends on the whole template.
            before, after = (_made(name, *side) if side else None for side in (old, new))
            if before != after:
                yield Change(
                    f"{name} [{stack_id}]" if stack_id else name,
                    WHOLE,
                    before,
                    after,
                    UNCLEAR,
                    "The template does not show the resources that it makes.",
                )


def replaces_collaboration(change: Change) -> bool:
    """Return whether CloudFormation creates a collaboration anew because of a change."""
    type_name, property = change.identity.partition(" ")[0], re.split(r"[.\[]", change.property)[0]
    return type_name == COLLABORATION and property in _CREATE_ONLY[COLLABORATION]


def relevant(resources: Sequence[Resource]) -> list[Resource]:
    """Return the resources that can affect what members learn, in their order."""
    found = {it for it in resources if _matters(it)}
    sources = [it for it in resources if it not in found and it.type.startswith(_SOURCES)]
    added = found
    while added and sources:
        text = "\n".join(scalar(it.properties) for it in added)
        added = {it for it in sources if it not in found and _is_used(it, text)}
        found |= added
    return [it for it in resources if it in found]


def _matters(resource: Resource) -> bool:
    kind = resource.type
    if kind in TABLE or kind.startswith(SERVICES) or is_opaque(kind):
        return True
    if kind.startswith((*CUSTOM_RESOURCES, "AWS::Logs::")):
        text = scalar(resource.properties).lower()
        return any(service in text for service in _OWN_SERVICES)
    return False


def _is_used(source: Resource, text: str) -> bool:
    """Return whether properties, as text, contain a value that comes from a resource."""
    if source.type != SSM_PARAMETER:
        return f"\u2039{source.identity}\u203a" in text
    name = source.text("Name")
    return any(f"{before}{name}{after}" in text for before, after in _READINGS)


def _is_retained(resource: Resource) -> bool:
    return str(resource.declaration.get("DeletionPolicy", "")).startswith("Retain")


def _why(resource: Resource) -> str:
    if resource.type in TABLE:
        row = TABLE[resource.type][""]
        return row.note if isinstance(row, Whole) else ""
    if resource.type.startswith(SERVICES):
        return NOT_KNOWN
    if resource.type == SSM_PARAMETER:
        return "The templates read its value."
    return "A person has to say what it does." if resource.type.startswith(CUSTOM_RESOURCES) else ""


def _change(
    resource: Resource,
    property: str,
    old: Any,
    new: Any,
    effect: Effect,
    note: str = "",
    *,
    deciders: Iterable[str] = (),
) -> Change:
    who = {*deciders, *deciders_of(old), *deciders_of(new)}
    return Change(resource.identity, property, shown(old), shown(new), effect, note, sorted(who))


def _referred(value: Any) -> str:
    text = scalar(value)
    return text[1 : text.index("\u203a")] if text.startswith("\u2039") else ""


def _place(resource: Resource) -> tuple[str, str]:
    return resource.stack.name or resource.stack.id, resource.logical_id


def _same_set(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return sorted(map(scalar, old)) == sorted(map(scalar, new))
    return same(old, new)


def _made(name: str, stack: Stack, text: Any) -> Any:
    if name != "Transform":
        return text
    template = json.dumps(stack.template, sort_keys=True)
    return {"text": text, "template": hashlib.sha256(template.encode()).hexdigest()}


def _of_policy(
    key: tuple[str, str],
    old: Policy,
    new: Policy,
    *,
    is_removed: bool,
    is_kept: bool,
    is_created: bool,
) -> Iterator[Change]:
    subject, property = key

    def change(
        before: Any, after: Any, effect: Effect, note: str = "", who: Sequence[str] = ()
    ) -> Change:
        return Change(called(subject), property, before, after, effect, note, who)

    for text in sorted(old.opaque - new.opaque):
        if not is_removed:
            yield change(json.loads(text), None, UNCLEAR, _OPAQUE_NOTE)
    for text in sorted(new.opaque - old.opaque):
        yield change(None, json.loads(text), UNCLEAR, _OPAQUE_NOTE)
    gained = uncovered(new.grants, old.grants)
    lost = uncovered(old.grants, new.grants)
    own_account = f"AWS:arn:aws:iam::{new.account}:root"
    is_by_default = not new.is_open and not uncovered(new.by_default, old.grants)
    groups: dict[tuple[Effect, str, tuple[str, ...]], list[Grant]] = {}
    for grant in gained:
        effect, note = MORE if grant.effect == "Allow" else LESS, ""
        if not grant.concerns_data:
            effect, note = NEUTRAL, "It reads no data of the collaboration."
        elif grant.decided_by and grant.effect == "Allow":
            effect = NEUTRAL if is_by_default else UNCLEAR
        elif is_created and property == KEY_POLICY and grant.principal == own_account:
            effect, note = NEUTRAL, "The account can use its own new key."
        groups.setdefault((effect, note, grant.decided_by), []).append(grant)
    for (effect, note, who), grants in sorted(
        groups.items(), key=lambda it: (severity(it[0][0]), it[0][1:])
    ):
        for statement in statements(grants):
            yield change(None, statement, effect, note, who)
    for statement in statements(it for it in lost if it.effect == "Allow"):
        yield change(statement, None, *((NEUTRAL, _REMAINS) if is_kept else (LESS, "")))
    for statement in statements(it for it in lost if it.effect == "Deny"):
        yield change(statement, None, LESS if is_removed else MORE)


_OPAQUE_NOTE = "A person has to say what this statement allows."
