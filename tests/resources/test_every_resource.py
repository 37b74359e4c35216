"""Tests for every resource. To add a resource, see `tests/resources/samples`."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast, get_type_hints

import pytest
from aws_cdk import (
    App,
    Aws,
    CfnCondition,
    CfnParameter,
    CfnResource,
    CfnTag,
    CfnWaitConditionHandle,
    Environment,
    Fn,
    NestedStack,
    RemovalPolicy,
    Stack,
    Stage,
    Tags,
)
from aws_cdk.assertions import Template
from aws_cdk.aws_iam import AccountRootPrincipal, Role

import cdk_cleanrooms
from cdk_cleanrooms._core import checks
from cdk_cleanrooms._core.environment import environment_of
from cdk_cleanrooms._core.in_membership import InMembership
from cdk_cleanrooms.local_cloud.resource_schema import ResourceSchema
from dev.benchmarks.kernel import counted_requests
from tests.helpers import l1_of, problems_of, resource_of, warnings_of
from tests.samples import ACCOUNT, REGION

from .samples import SAMPLES, Sample

every_resource = pytest.mark.parametrize("sample", SAMPLES, ids=str)
every_import = pytest.mark.parametrize(
    "import_one", [Sample.import_existing, Sample.import_by_arn], ids=["by identifier", "by ARN"]
)
every_lookup = pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if sample.lookup], ids=str
)
HERE = Environment(account=ACCOUNT, region=REGION)
ELSEWHERE = Environment(account="444455556666", region="eu-west-1")

Import = Callable[[Sample, Stack], Any]


@pytest.fixture
def stack_here(app: App) -> Stack:
    return stack_in(app)


def stack_in(app: App) -> Stack:
    stack = Stack(app, "Here", env=HERE)
    CfnWaitConditionHandle(stack, "Other")  # a template cannot be empty
    return stack


def beside(stack: Stack) -> Stack:
    """Return another stack of the app, for a second resource with the same name."""
    return Stack(cast(App, stack.node.root), "Beside")


def test_every_construct_of_the_package_has_a_sample() -> None:
    constructs = {name for name in cdk_cleanrooms._MODULES if f"I{name}" in cdk_cleanrooms._MODULES}
    assert {str(sample) for sample in SAMPLES} == constructs


# Arguments


@every_resource
@pytest.mark.unmeasured
def test_the_minimal_resource_equals_that_of_an_l1_written_by_hand(
    sample: Sample, stack: Stack
) -> None:
    construct, l1 = sample.declare(stack), sample.by_hand(beside(stack))
    assert resource_of(construct) == resource_of(l1)


@every_resource
def test_the_full_resource_equals_that_of_an_l1_written_by_hand(
    sample: Sample, stack: Stack
) -> None:
    tags = {"Team": "DataScience", "Environment": "Production"}
    construct = sample.declare(stack, **sample.full, tags=tags)
    l1 = sample.by_hand(
        beside(stack),
        **sample.l1_full,
        tags=[CfnTag(key=key, value=value) for key, value in tags.items()],
    )
    assert resource_of(construct) == resource_of(l1)


@every_resource
@pytest.mark.unmeasured
def test_constructs_as_arguments_give_the_same_resource_as_an_l1_written_by_hand(
    sample: Sample, stack: Stack
) -> None:
    other = beside(stack)
    arguments, _ = sample.constructs(stack)
    _, properties = sample.constructs(other)
    construct, l1 = sample.declare(stack, **arguments), sample.by_hand(other, **properties)
    assert resource_of(construct) == resource_of(l1)


@every_resource
def test_every_problem_is_reported_at_once(sample: Sample, stack: Stack) -> None:
    wrong = {name: object() for name in arguments_of(sample.construct)}
    problems = problems_of(lambda: sample.construct(stack, "Sample", **wrong))
    assert {problem.property for problem in problems} == {*wrong}
    assert stack.node.children == []


@every_resource
def test_a_scope_outside_any_stack_is_a_problem(sample: Sample, app: App) -> None:
    for scope in (None, "Stack", app):
        for make in (sample.declare, sample.import_existing, sample.import_by_arn):
            problems = problems_of(lambda make=make, scope=scope: make(scope))  # type: ignore[misc]
            assert [problem.property for problem in problems] == ["scope"]


@every_resource
def test_an_empty_id_is_a_problem(sample: Sample, stack: Stack) -> None:
    for make in (sample.declare, sample.import_existing, sample.import_by_arn):
        (problem,) = problems_of(lambda make=make: make(stack, id=""))  # type: ignore[misc]
        assert problem.property == "id"


@every_resource
@pytest.mark.parametrize(
    ("removal_policy", "on_deletion", "on_replacement"),
    [
        (RemovalPolicy.DESTROY, "Delete", "Delete"),
        (RemovalPolicy.RETAIN, "Retain", "Retain"),
        (RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, "RetainExceptOnCreate", "Retain"),
    ],
)
@pytest.mark.unmeasured
def test_the_removal_policy_says_what_happens_to_the_resource(
    sample: Sample,
    removal_policy: RemovalPolicy,
    on_deletion: str,
    on_replacement: str,
    stack: Stack,
) -> None:
    resource = resource_of(sample.declare(stack, removal_policy=removal_policy))
    assert resource["DeletionPolicy"] == on_deletion
    assert resource["UpdateReplacePolicy"] == on_replacement


# Tags


def tags_of(construct: Any) -> dict[str, str]:
    tags = resource_of(construct)["Properties"].get("Tags", [])
    assert len({tag["Key"] for tag in tags}) == len(tags), "a key is there twice"
    return {tag["Key"]: tag["Value"] for tag in tags}


@every_resource
def test_tags_are_added_changed_and_removed(sample: Sample, stack: Stack) -> None:
    construct = sample.declare(stack, tags={"Team": "Marketing", "Stage": "Test"})
    construct.add_tag("Owner", "A")
    construct.add_tag("Owner", "B")
    construct.add_tag("Team", "DataScience")
    construct.remove_tag("Stage")
    construct.remove_tag("NotThere")
    assert tags_of(construct) == {"Team": "DataScience", "Owner": "B"}


@every_resource
def test_a_removed_tag_can_be_added_again(sample: Sample, stack: Stack) -> None:
    construct = sample.declare(stack, tags={"Team": "Marketing"})
    construct.remove_tag("Team")
    construct.add_tag("Team", "DataScience")
    assert tags_of(construct) == {"Team": "DataScience"}


@every_resource
@pytest.mark.unmeasured
def test_tags_of_an_outer_scope_combine_as_with_an_l1(sample: Sample, stack: Stack) -> None:
    construct = sample.declare(stack, tags={"Team": "Inner", "Stage": "Test"})
    l1 = sample.by_hand(
        beside(stack), tags=[CfnTag(key="Team", value="Inner"), CfnTag(key="Stage", value="Test")]
    )
    outer = Tags.of(stack.node.root)
    outer.add("Team", "Outer")
    outer.remove("Stage", include_resource_types=[sample.l1.CFN_RESOURCE_TYPE_NAME])
    outer.add("Owner", "Outer")
    assert resource_of(construct) == resource_of(l1)


@every_resource
def test_a_resource_has_at_most_fifty_tags(sample: Sample, stack: Stack) -> None:
    fifty = {f"Key{number}": "Value" for number in range(50)}
    construct = sample.declare(stack, tags=fifty)
    construct.add_tag("Key0", "Other")
    problems = problems_of(lambda: construct.add_tag("OneMore", "Value"))
    problems += problems_of(lambda: sample.declare(stack, "Second", tags={**fifty, "A": "B"}))
    assert [problem.property for problem in problems] == ["key", "tags"]
    assert all("51 tags are more than the 50" in problem.message for problem in problems)


@every_resource
def test_a_tag_that_aws_refuses_is_a_problem(sample: Sample, stack: Stack) -> None:
    construct = sample.declare(stack)
    problems = problems_of(lambda: construct.add_tag("aws:team", "v" * 257))
    problems += problems_of(lambda: construct.remove_tag(""))
    assert [problem.property for problem in problems] == ["key", "value", "key"]


@every_resource
def test_the_value_of_a_tag_can_be_empty_where_cloudformation_accepts_it(
    sample: Sample, stack: Stack
) -> None:
    schema = ResourceSchema(sample.l1.CFN_RESOURCE_TYPE_NAME).properties["Tags"]["items"]
    construct = sample.declare(stack)
    if schema["properties"]["Value"]["minLength"] == 0:
        construct.add_tag("Added", "")
        other = sample.declare(stack, "Second", tags={"Given": ""}, **sample.another(2))
        assert (tags_of(construct), tags_of(other)) == ({"Added": ""}, {"Given": ""})
    else:
        problems = problems_of(lambda: construct.add_tag("Added", ""))
        problems += problems_of(lambda: sample.declare(stack, "Second", tags={"Given": ""}))
        assert [problem.property for problem in problems] == ["value", "tags"]


@every_resource
def test_tag_keys_that_differ_only_in_case_cause_a_warning(sample: Sample, stack: Stack) -> None:
    sample.declare(stack, tags={"Team": "A"}).add_tag("TEAM", "B")
    (warning,) = warnings_of(stack)
    assert warning.startswith("The tag keys TEAM, Team differ only in case")


# Adoption


def files_in(folder: str, suffix: str) -> dict[str, dict[str, Any]]:
    """Return the files with this suffix that synthesis wrote, by the name of the artifact."""
    return {
        path.name.removesuffix(suffix): json.loads(path.read_text("utf-8"))
        for path in Path(folder).rglob(f"*{suffix}")
    }


def logical_id_of(construct: Any) -> str:
    return str(construct.stack.resolve(construct.node.default_child.logical_id))


@every_resource
@pytest.mark.unmeasured
def test_an_adoption_by_identifier_is_in_both_files_and_retained(
    sample: Sample, app: App, stack: Stack
) -> None:
    construct = sample.declare(stack, adopt=sample.identifier)
    resource, logical_id = resource_of(construct), logical_id_of(construct)
    folder = app.synth().directory
    identifier = {**sample.primary_identifier}
    assert files_in(folder, ".import.json") == {"Stack": {logical_id: identifier}}
    assert files_in(folder, ".adopt.json")["Stack"]["Adoptions"] == {
        logical_id: {
            "ConstructPath": "Stack/Sample",
            "ResourceType": sample.l1.CFN_RESOURCE_TYPE_NAME,
            "ResourceIdentifier": identifier,
        }
    }
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@every_resource
def test_an_adoption_by_name_is_only_in_the_file_for_the_command(
    sample: Sample, app: App, stack: Stack
) -> None:
    construct = sample.declare(stack, adopt=True)
    resource, logical_id = resource_of(construct), logical_id_of(construct)
    folder = app.synth().directory
    assert files_in(folder, ".import.json") == {}
    (file,) = files_in(folder, ".adopt.json").values()
    assert file["Adoptions"][logical_id]["ResourceIdentifier"] is None
    if_created = {
        RemovalPolicy.RETAIN: "Retain",
        RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE: "RetainExceptOnCreate",
    }
    assert resource["DeletionPolicy"] == if_created[sample.removal_policy_if_found]


@every_resource
@pytest.mark.unmeasured
def test_adoption_changes_nothing_else_in_the_template(sample: Sample, stack: Stack) -> None:
    adopted = sample.declare(stack, "Adopted", adopt=sample.identifier)
    retained = sample.by_hand(beside(stack))
    retained.apply_removal_policy(RemovalPolicy.RETAIN)
    assert resource_of(adopted) == resource_of(retained)


@every_resource
def test_a_removal_policy_takes_precedence_over_that_of_an_adoption(
    sample: Sample, stack: Stack
) -> None:
    construct = sample.declare(stack, adopt=sample.identifier, removal_policy=RemovalPolicy.DESTROY)
    assert resource_of(construct)["DeletionPolicy"] == "Delete"


@every_resource
@pytest.mark.parametrize("adopt", [None, False])
@pytest.mark.unmeasured
def test_without_adoption_there_are_no_files(
    sample: Sample, adopt: object, app: App, stack: Stack
) -> None:
    sample.declare(stack, adopt=adopt)
    folder = app.synth().directory
    assert not files_in(folder, ".import.json") | files_in(folder, ".adopt.json")


@every_resource
@pytest.mark.parametrize("adopt", ["", 5, ["x"], Aws.REGION], ids=["empty", "5", "list", "token"])
def test_an_adoption_needs_a_literal_identifier(
    sample: Sample, adopt: object, stack: Stack
) -> None:
    problems = problems_of(lambda: sample.declare(stack, adopt=adopt))
    assert {problem.property for problem in problems} == {"adopt"}


@every_resource
def test_an_adoption_by_name_needs_a_literal_name(sample: Sample, stack: Stack) -> None:
    later = {sample.found_by: CfnParameter(stack, "Later").value_as_string}
    (problem,) = problems_of(lambda: sample.declare(stack, adopt=True, **later))
    assert problem.property == sample.found_by
    assert "is only known at deployment" in problem.message


@every_resource
@pytest.mark.parametrize("by", ["identifier", "name"])
def test_a_nested_stack_cannot_adopt(sample: Sample, by: str, stack: Stack) -> None:
    adopt = sample.identifier if by == "identifier" else True
    nested = NestedStack(stack, "Nested")
    (problem,) = problems_of(lambda: sample.declare(nested, adopt=adopt))
    assert (problem.property, problem.value) == ("adopt", adopt)


@every_resource
def test_two_constructs_cannot_adopt_the_same_resource(
    sample: Sample, app: App, stack_here: Stack
) -> None:
    sample.declare(stack_here, adopt=sample.identifier)
    sample.declare(Stack(app, "Other", env=HERE), adopt=sample.identifier)
    with pytest.raises(RuntimeError, match="is already adopted by Here/Sample"):
        app.synth()


@every_resource
@pytest.mark.unmeasured
def test_a_removed_construct_does_not_count(sample: Sample, app: App, stack: Stack) -> None:
    sample.declare(stack, adopt=sample.identifier)
    stack.node.try_remove_child("Sample")
    successor = sample.declare(stack, "Successor", adopt=sample.identifier)
    logical_id = logical_id_of(successor)
    mapping = files_in(app.synth().directory, ".import.json")
    assert mapping == {"Stack": {logical_id: {**sample.primary_identifier}}}


@every_resource
@pytest.mark.unmeasured
def test_an_adopted_resource_that_refers_to_another_causes_a_warning(
    sample: Sample, stack: Stack
) -> None:
    construct = sample.declare(stack, adopt=sample.identifier)
    construct.node.add_dependency(
        CfnResource(stack, "Other", type="AWS::CloudFormation::WaitConditionHandle")
    )
    (warning,) = warnings_of(stack)
    assert warning.startswith("This adopted resource refers to Other.")


# Unique names

every_unique_resource = pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if sample.is_unique], ids=str
)


@every_unique_resource
@pytest.mark.unmeasured
def test_synthesis_fails_for_two_resources_that_cannot_both_exist(
    sample: Sample, app: App, stack_here: Stack
) -> None:
    sample.declare(stack_here, "First")
    sample.declare(Stack(app, "Other", env=HERE), "Second")
    sample.declare(stack_here, "Third")
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    assert re.search(r"Other/Second: .* Here/First", str(raised.value))
    assert re.search(r"Here/Third: .* Here/First", str(raised.value))


@pytest.mark.parametrize(
    ("sample", "adopts"),
    [
        (sample, adopts)
        for sample in SAMPLES
        for adopts in (False, True)
        # The ID of a resource, or of the membership that it is in, is unique in AWS.
        if sample.is_unique
        and not issubclass(sample.construct, InMembership)
        and not (adopts and checks.IDENTIFIER.fullmatch(sample.identifier))
    ],
    ids=str,
)
def test_stacks_of_stages_without_an_environment_can_have_the_same_resources(
    sample: Sample, adopts: bool, app: App
) -> None:
    for stage in ("Dev", "Prod"):
        stack = Stack(Stage(app, stage), "Stack")
        sample.declare(stack, adopt=sample.identifier if adopts else None)
    app.synth()


@every_unique_resource
@pytest.mark.unmeasured
def test_two_conditional_resources_can_have_the_same_name(
    sample: Sample, app: App, stack: Stack
) -> None:
    is_here = Fn.condition_equals(Aws.REGION, REGION)
    for name, expression in (("First", is_here), ("Second", Fn.condition_not(is_here))):
        resource = sample.declare(stack, name).node.default_child
        resource.cfn_options.condition = CfnCondition(stack, f"Is{name}", expression=expression)
    app.synth()


@every_unique_resource
def test_resources_of_other_names_or_of_another_app_can_exist_together(
    sample: Sample, app: App, stack: Stack
) -> None:
    sample.declare(Stack(App(), "Stack"))
    sample.declare(stack)
    sample.declare(stack, "Other", **sample.another(2))
    app.synth()


# Attributes and references


@every_resource
def test_the_attributes_of_a_created_resource_are_those_of_cloudformation(
    sample: Sample, stack: Stack
) -> None:
    construct = sample.declare(stack)
    logical_id = logical_id_of(construct)
    found = {name: stack.resolve(getattr(construct, name)) for name in sample.attributes}
    assert found == {
        name: {"Fn::GetAtt": [logical_id, attribute]}
        for name, attribute in sample.attributes.items()
    }


@every_resource
def test_the_cdk_accepts_the_construct_and_its_imports_as_references(
    sample: Sample, stack: Stack
) -> None:
    (arn_for,) = [name for name in dir(sample.l1) if name.startswith("arn_for_")]
    attribute = f"{arn_for.removeprefix('arn_for_')}_arn"
    for construct in (
        sample.declare(stack),
        sample.import_existing(stack),
        sample.import_by_arn(stack),
    ):
        arn = getattr(sample.l1, arn_for)(construct)
        expected = getattr(construct, attribute)
        if sample.is_referred_to_by_name:
            _, _, service, _, _, path = sample.arn.split(":")
            (name,) = sample.known
            expected = stack.format_arn(
                service=service,
                resource=path.partition("/")[0],
                resource_name=getattr(construct, name),
                account=construct.env.account,
                region=construct.env.region,
            )
        assert stack.resolve(arn) == stack.resolve(expected)


# Imports


def in_the_partition(arn: str) -> dict[str, object]:
    rest = arn.removeprefix("arn:aws")
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, rest]]}


@every_resource
def test_an_import_by_identifier_has_arns_in_the_environment_of_the_stack(
    sample: Sample, stack_here: Stack
) -> None:
    construct = sample.import_existing(stack_here)
    assert {name: getattr(construct, name) for name in sample.known} == sample.known
    for name, arn in sample.arns.items():
        assert stack_here.resolve(getattr(construct, name)) == in_the_partition(arn)
    assert (construct.env.account, construct.env.region) == (ACCOUNT, REGION)


@every_resource
def test_an_import_by_arn_has_the_parts_and_the_environment_of_the_arn(
    sample: Sample, app: App
) -> None:
    construct = sample.import_by_arn(Stack(app, "Elsewhere", env=ELSEWHERE))
    expected = {**sample.known, **sample.arns}
    assert {name: getattr(construct, name) for name in expected} == expected
    assert (construct.env.account, construct.env.region) == (ACCOUNT, REGION)


@every_resource
def test_an_import_by_an_arn_known_at_deployment_has_parts_known_at_deployment(
    sample: Sample, stack: Stack
) -> None:
    parameter = CfnParameter(stack, "Arn").value_as_string
    construct = sample.import_by_arn(stack, parameter)
    for name in (*sample.known, *sample.arns):
        assert {"Ref": "Arn"} in _nested(stack.resolve(getattr(construct, name)))


def _nested(value: Any) -> Iterator[Any]:
    yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, (dict, list)):
            yield from _nested(part)


@every_resource
@every_import
def test_an_import_adds_no_resource(sample: Sample, import_one: Import, stack: Stack) -> None:
    construct = import_one(sample, stack)
    assert not any(map(CfnResource.is_cfn_resource, construct.node.find_all()))


@every_resource
@pytest.mark.parametrize("wrong", [None, 1, ["x"], "", "customers!", "arn:aws:x"], ids=str)
def test_an_import_refuses_an_invalid_identifier(sample: Sample, wrong: Any, stack: Stack) -> None:
    arguments = dict.fromkeys(sample.existing, wrong)
    problems = problems_of(lambda: sample.construct.from_existing(stack, "A", **arguments))
    assert [problem.property for problem in problems] == [*arguments]
    from_arn = getattr(sample.construct, sample.from_arn)
    (problem,) = problems_of(lambda: from_arn(stack, "A", wrong))
    assert (problem.property, problem.value) == (sample.from_arn.removeprefix("from_"), wrong)
    assert stack.node.children == []


@every_resource
@pytest.mark.parametrize("change", [str.upper, "{}\n".format, "{}:x".format, "x{}".format])
def test_an_import_refuses_a_similar_arn(
    sample: Sample, change: Callable[[str], str], stack: Stack
) -> None:
    (problem,) = problems_of(lambda: sample.import_by_arn(stack, change(sample.arn)))
    assert "use " in problem.message


# Look-ups


def missing_context(app: App) -> list[dict[str, Any]]:
    """Return the look-ups that synthesis requests from the CLI."""
    manifest = Path(app.synth().directory, "manifest.json").read_text("utf-8")
    missing: list[dict[str, Any]] = json.loads(manifest).get("missing", [])
    return missing


@every_lookup
def test_a_look_up_requests_exactly_that_resource_and_returns_what_was_read(
    sample: Sample, app: App, stack_here: Stack
) -> None:
    sample.look_up(stack_here)
    (query,) = missing_context(app)
    assert query["provider"] == "cc-api-provider"
    identifier = "|".join(sample.primary_identifier.values())
    assert query["props"]["typeName"] == sample.l1.CFN_RESOURCE_TYPE_NAME
    assert query["props"]["exactIdentifier"] == identifier
    assert (query["props"]["account"], query["props"]["region"]) == (ACCOUNT, REGION)
    asked_for = {property for property, _ in sample.looked_up.values()}
    assert {*query["props"]["propertiesToReturn"]} == asked_for

    read = {"Identifier": identifier, **dict(sample.looked_up.values())}
    other = App(context={query["key"]: [read]})
    construct = sample.look_up(stack_in(other))
    assert missing_context(other) == []
    expected = {name: value for name, (_, value) in sample.looked_up.items()} | {**sample.known}
    assert {name: getattr(construct, name) for name in expected} == expected


@every_lookup
def test_a_look_up_in_a_unit_test_returns_dummies_and_creates_no_resource(
    sample: Sample, stack_here: Stack
) -> None:
    construct = sample.look_up(stack_here)
    for name, (_, value) in sample.looked_up.items():
        assert isinstance(getattr(construct, name), type(value))
    assert not any(map(CfnResource.is_cfn_resource, construct.node.find_all()))
    for name in sample.arns.keys() - sample.looked_up.keys():
        found = stack_here.resolve(getattr(construct, name))
        assert found == in_the_partition(sample.arns[name])


@every_lookup
def test_a_look_up_needs_literals_and_a_concrete_environment(sample: Sample, app: App) -> None:
    assert sample.lookup
    later = dict.fromkeys(sample.lookup, Aws.STACK_NAME)
    problems = problems_of(lambda: sample.look_up(Stack(app, "Anywhere"), **later))
    assert [problem.property for problem in problems] == ["scope", *later]


# Permissions

every_permission = pytest.mark.parametrize(
    ("sample", "method"),
    [(sample, method) for sample in SAMPLES for method in sample.permissions],
    ids=str,
)


def statements_of(stack: Stack) -> list[dict[str, Any]]:
    """Return the statements of the only policy in a stack."""
    [policy] = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    statements: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return statements


def allowed(sample: Sample, method: str, construct: Any) -> list[dict[str, Any]]:
    statements = {
        attribute: [*actions] for attribute, actions in sample.permissions[method].items()
    }
    if method in sample.in_the_collaboration and hasattr(construct, "collaboration_arn"):
        action = sample.in_the_collaboration[method]
        next(iter(statements.values())).append(action)
        statements["collaboration_arn"] = [action]
    return [
        {
            "Effect": "Allow",
            "Action": actions[0] if len(actions) == 1 else actions,
            "Resource": construct.stack.resolve(arn_of(sample, construct, attribute)),
        }
        for attribute, actions in statements.items()
    ]


def arn_of(sample: Sample, construct: Any, attribute: str) -> str:
    if attribute != "arn_in_policies":
        return str(getattr(construct, attribute))
    *_, type_name = sample.l1.CFN_RESOURCE_TYPE_NAME.split("::")
    identifier, _ = sample.known
    path = f"{type_name.lower()}/{getattr(construct, identifier)}"
    return f"{construct.membership_arn}/{path}"


@every_permission
@pytest.mark.parametrize("make", [Sample.declare, Sample.import_existing, Sample.import_by_arn])
@pytest.mark.unmeasured
def test_a_grant_allows_the_documented_actions_on_exact_arns(
    sample: Sample, method: str, make: Callable[..., Any], stack: Stack
) -> None:
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    construct = make(sample, stack)
    grant = getattr(construct.grants, method)(role)
    assert statements_of(stack) == allowed(sample, method, construct)
    assert grant.success


@every_permission
def test_the_grants_accept_the_l1(sample: Sample, method: str, stack: Stack) -> None:
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    (from_resource,) = [name for name in vars(sample.grants) if name.startswith("from_")]
    construct = sample.declare(stack)
    getattr(getattr(sample.grants, from_resource)(l1_of(construct)), method)(role)
    assert statements_of(stack) == allowed(sample, method, construct)


@every_resource
def test_the_grants_have_exactly_these_methods(sample: Sample) -> None:
    methods = {name for name in dir(sample.grants) if not name.startswith(("_", "from_"))}
    assert methods == {*sample.permissions, *sample.other_grants, "actions"}


@every_resource
@pytest.mark.parametrize("grantee", ["someone", None, Role], ids=["text", "none", "class"])
def test_only_a_principal_can_be_a_grantee(sample: Sample, grantee: Any, stack: Stack) -> None:
    grants = sample.import_by_arn(stack).grants
    for method in sample.permissions:
        grant = getattr(grants, method)
        (problem,) = problems_of(lambda grant=grant: grant(grantee))  # type: ignore[misc]
        assert (problem.property, problem.value) == ("grantee", grantee)


@every_resource
@pytest.mark.parametrize("actions", [(), ("cleanrooms:*",), ("TagResource",), (None,)], ids=str)
def test_only_names_of_single_actions_can_be_granted(
    sample: Sample, actions: tuple[Any, ...], stack: Stack
) -> None:
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    grants = sample.import_by_arn(stack).grants
    (problem,) = problems_of(lambda: grants.actions(role, *actions))
    assert problem.property == "actions"


# Signatures and docstrings


def arguments_of(construct: Any) -> list[str]:
    parameters = inspect.signature(construct).parameters.values()
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


def public_functions(kind: type) -> Iterator[tuple[str, Any]]:
    """Return the functions of a class that this package defines, including inherited ones."""
    for base in kind.__mro__:
        if base.__module__.startswith(cdk_cleanrooms.__name__):
            for name, member in vars(base).items():
                function: Any = member.fget if isinstance(member, property) else member
                function = inspect.unwrap(getattr(function, "__func__", function))
                if inspect.isfunction(function) and not name.startswith("_"):
                    yield name, function


def classes() -> list[type]:
    names = (getattr(cdk_cleanrooms, name) for name in cdk_cleanrooms._MODULES)
    return [each for each in names if isinstance(each, type)]


every_class = pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)


@every_resource
def test_help_shows_the_arguments_of_the_constructor(sample: Sample) -> None:
    scope, id, *others = inspect.signature(sample.construct).parameters.values()
    assert (scope.name, id.name) == ("scope", "id")
    assert {other.kind for other in others} == {inspect.Parameter.KEYWORD_ONLY}
    assert [other.name for other in others][-3:] == ["tags", "removal_policy", "adopt"]
    documented = {*sample.minimal, *sample.full} - {other.name for other in others}
    assert not documented
    described = "Create the construct; see the arguments of the class."
    assert sample.construct.__init__.__doc__ == described


def test_a_subclass_keeps_the_description_of_its_own_constructor() -> None:
    class Customers(cdk_cleanrooms.IdNamespaceAssociation):
        def __init__(self) -> None:
            """Associate our customers."""

    assert Customers.__init__.__doc__ == "Associate our customers."


@every_class
def test_the_types_of_every_public_function_can_be_read_at_run_time(kind: type) -> None:
    get_type_hints(kind)
    get_type_hints(vars(kind).get("__init__", kind))
    for _, function in public_functions(kind):
        hints = get_type_hints(function)
        parameters = [*inspect.signature(function).parameters]
        assert {*parameters} - {"self"} <= hints.keys()
        assert "return" in hints


def sections(documentation: str | None) -> dict[str, str]:
    """Return the text below each heading of a docstring."""
    parts = re.split(r"^(Args|Returns|Raises|See Also):\n", documentation or "", flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@every_resource
def test_the_docstring_of_a_construct_explains_every_argument(sample: Sample) -> None:
    documentation = sections(inspect.getdoc(sample.construct))
    documented = re.findall(r"^    (\w+):", documentation["Args"], flags=re.M)
    assert documented == [*inspect.signature(sample.construct).parameters]
    assert "ValidationError" in documentation["Raises"]
    assert "https://docs.aws.amazon.com/AWSCloudFormation/" in documentation["See Also"]


@every_class
def test_the_docstring_of_every_public_function_explains_every_argument(kind: type) -> None:
    for name, function in public_functions(kind):
        documentation = inspect.getdoc(function)
        signature = inspect.signature(function)
        parameters = [
            f"{'*' if each.kind is each.VAR_POSITIONAL else ''}{each.name}"
            for each in signature.parameters.values()
            if each.name != "self"
        ]
        found = sections(documentation)
        assert documentation, name
        documented = re.findall(r"^    (\*?\w+):", found.get("Args", ""), flags=re.M)
        assert documented == parameters, name
        if parameters and signature.return_annotation not in (None, "None"):
            assert "Returns" in found, name
        if name.startswith("from_") and "scope" in parameters:
            assert {"Raises", "See Also"} <= found.keys(), name


# Cost


@every_resource
@pytest.mark.unmeasured
def test_the_construct_needs_the_documented_number_of_requests(
    sample: Sample, stack_here: Stack
) -> None:
    sample.declare(stack_here)  # the requests that are made once in a stack
    environment_of(stack_here)
    with counted_requests() as creation:
        sample.declare(stack_here, "Second", **{**sample.full, **sample.another(2)})
    with counted_requests() as retained:
        sample.declare(
            stack_here, "Third", removal_policy=RemovalPolicy.RETAIN, **sample.another(3)
        )
    with counted_requests() as imports:
        sample.import_existing(stack_here)
        sample.import_by_arn(stack_here)
    assert creation.total() == sample.requests, creation
    assert retained.total() == 3, retained
    assert imports == {"create Resource": 2}
