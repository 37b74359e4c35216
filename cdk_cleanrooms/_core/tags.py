"""Tags of a resource: their rules, and the methods that add and remove them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from aws_cdk import Annotations, CfnTag, Resource as CdkResource, Stack, TagManager, Tags

from . import checks
from .synthesis import Tree, at_synthesis, warn_at_synthesis
from .types import ResourceType
from .validation import Arguments, Problem, Rule

TAG_LIMIT = 50
KEY_LIMIT = 128
VALUE_LIMIT = 256

# The priority with which the CDK removes a tag. Adding it again needs at least this priority.
_PRIORITY_OF_REMOVALS = 200
# From this number of its own tags on, the tags of a resource are counted at synthesis, which takes
# requests.
_MANY_TAGS = 10


@checks.text("the key of the tag, a string")
def key_rule(value: str) -> Iterator[checks.Fault]:
    """Check the key of a tag."""
    yield from checks.length("TagKey", value, 1, KEY_LIMIT)
    yield from checks.characters(
        "TagKey", value, checks.LONE_SURROGATE, "characters that UTF-8 can encode"
    )
    if value.lower().startswith("aws:"):
        yield (
            "TagKeyReserved",
            "starts with 'aws:', which AWS reserves for itself; use a key without it",
        )


def value_rule(least: int) -> Rule:
    """Return a rule for the value of a tag.

    Args:
        least: The minimum number of characters of a value.

    Returns:
        The rule.
    """

    @checks.text("the value of the tag, a string")
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("TagValue", value, least, VALUE_LIMIT)
        yield from checks.characters(
            "TagValue", value, checks.LONE_SURROGATE, "characters that UTF-8 can encode"
        )

    return rule


def tags_rule(property: str, value: object, least: int) -> Iterator[Problem]:
    """Check tags given as a mapping of keys to values, or None.

    Args:
        property: The name of the argument.
        value: Its value.
        least: The minimum number of characters of a tag's value.
    """
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield checks.wrong_type(property, value, f"a mapping, {checks.tags_meant(value)!r}")
        return
    yield from _count(property, value, len(value))
    for key, tag_value in value.items():
        yield from key_rule(property, key)
        for problem in value_rule(least)(property, tag_value):
            message = f"the value of {checks.excerpt(key)}, {problem.message}"
            yield Problem(property, tag_value, message, problem.code)


def _count(property: str, value: object, count: int) -> Iterator[Problem]:
    if count > TAG_LIMIT:
        message = f"{count} tags are more than the {TAG_LIMIT} that a resource can have"
        yield Problem(property, value, message, "TooManyTags")


def _one_more(property: str, value: object, present: Collection[str]) -> Iterator[Problem]:
    if isinstance(value, str) and value not in present:
        yield from _count(property, value, len(present) + 1)


def cfn_tags(tags: Mapping[str, str] | None) -> list[CfnTag] | None:
    """Return tags as an L1 accepts them."""
    return [CfnTag(key=key, value=value) for key, value in tags.items()] if tags else None


class TagMethods:
    """The methods of a resource that has tags; a second base class of its construct."""

    _type: ClassVar[ResourceType]
    _tag_keys: set[str]
    _removed_tag_keys: set[str]
    _tags_are_checked_at_synthesis = False
    _tags_are_counted_at_synthesis = False

    def _begin_tags(self, tags: Mapping[str, str] | None) -> None:
        self._tag_keys = set()
        self._removed_tag_keys = set()
        self._note_tag_keys(tags or ())

    def add_tag(self, key: str, value: str) -> None:
        """Add a tag or change its value, as `Tags.of(self).add` does.

        It takes precedence over `tags` at construction, over tags of an outer scope, and over an
        earlier `remove_tag`.

        Args:
            key: 1 to 128 characters that do not begin with `aws:`.
            value: 1 to 256 characters. On a resource of Entity Resolution it can also be empty.

        Raises:
            ValidationError: If AWS would refuse the tag, or if it exceeds the limit of 50 tags.

        See Also:
            https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
        """
        assert isinstance(self, CdkResource)
        arguments = Arguments(self)
        key = arguments.check("key", key, key_rule)
        value = arguments.check("value", value, value_rule(self._type.least_tag_value))
        arguments.report(_one_more("key", key, self._tag_keys))
        arguments.refuse()
        removed = key in self._removed_tag_keys
        Tags.of(self).add(key, value, priority=_PRIORITY_OF_REMOVALS if removed else None)
        self._note_tag_keys([key])

    def remove_tag(self, key: str) -> None:
        """Remove a tag, no matter how it was added, as `Tags.of(self).remove` does.

        Args:
            key: The key of the tag. Nothing happens if there is no such tag.

        Raises:
            ValidationError: If the key cannot be the key of a tag.
        """
        assert isinstance(self, CdkResource)
        arguments = Arguments(self)
        key = arguments.check("key", key, key_rule)
        arguments.refuse()
        Tags.of(self).remove(key)
        self._tag_keys.discard(key)
        self._removed_tag_keys.add(key)

    def _note_tag_keys(self, keys: Iterable[str]) -> None:
        self._tag_keys.update(keys)
        if not self._tags_are_counted_at_synthesis and len(self._tag_keys) >= _MANY_TAGS:
            assert isinstance(self, CdkResource)
            self._tags_are_counted_at_synthesis = True
            at_synthesis(Stack.of(self), self._count_tags)
        if not self._tags_are_checked_at_synthesis and _alike(self._tag_keys):
            assert isinstance(self, CdkResource)
            self._tags_are_checked_at_synthesis = True
            warn_at_synthesis(Stack.of(self), self._warn_of_keys_alike)

    def _count_tags(self, tree: Tree) -> Iterator[str]:
        """Count the tags with those of `Tags.of` and of aspects, which are known only now."""
        assert isinstance(self, CdkResource)
        resource: Any = self.node.default_child if tree.contains(self) else None
        manager: Any = None if resource is None else TagManager.of(resource)
        tags = None if manager is None else manager.render_tags()
        for problem in _count("tags", tags, len(tags or ())):
            yield f"{self.node.path}: {problem}"

    def _warn_of_keys_alike(self, tree: Tree) -> None:
        assert isinstance(self, CdkResource)
        for alike in _alike(self._tag_keys) if tree.contains(self) else ():
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:tagKeysDifferOnlyInCase",
                f"The tag keys {', '.join(alike)} differ only in case: AWS treats them as different"
                " tags, but cost reports and policies usually mean one of them. Use one spelling.",
            )


def _alike(keys: Iterable[str]) -> list[list[str]]:
    groups = defaultdict(list)
    for key in sorted(keys):
        groups[key.lower()].append(key)
    return [group for group in groups.values() if len(group) > 1]
