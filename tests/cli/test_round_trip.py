"""Tests that the code that `discover` prints is adopted without a change.

The resources are made by the handlers of the local cloud, with each optional property set or not,
nested ones included.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import chain
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from cdk_cleanrooms import ValidationError
from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.listing import LISTINGS
from cdk_cleanrooms._core.types import BY_NAME, ID_MAPPING_TABLE, MEMBERSHIP, ResourceType
from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.entity_resolution import EntityResolution
from cdk_cleanrooms.local_cloud.handlers import HandlerError, resource_types
from cdk_cleanrooms.local_cloud.resource_schema import InvalidPropertiesError
from cdk_cleanrooms.local_cloud.service import Caller, Service
from cdk_cleanrooms.local_cloud.service_model import ServiceError
from tests.cli.conftest import Adopt
from tests.cli.every_property import (
    ALWAYS_SET,
    FURTHER,
    NEVER_SET,
    Properties,
    names_in,
    names_in_schema,
    with_other_values,
    without_each,
)
from tests.cli.fake_aws import FakeAws
from tests.cli.test_discover import paste
from tests.resources.samples import SAMPLES, Sample
from tests.samples import ACCOUNT, REGION, ROLE_ARN

# The tests of `discover` and `adopt` cover all lines, and these ones would take half as long again.
pytestmark = pytest.mark.unmeasured

CALLER = Caller(ACCOUNT, REGION)
PARTNER = Caller("444455556666", REGION)
# The problems of variants that the local cloud accepts, although AWS refuses them or they are of
# no use.
NOT_FROM_AWS = {
    "ColumnNotAllowed": "a rule has no other columns than the table",
    "ColumnsUnknown": "a matching workflow writes at least one column",
    "InputCount": "an ID namespace of type SOURCE has an input",
    "JoinColumnsMissing": "a rule that requires a join names the columns for it",
    "MatchingNotDefined": "a workflow with rules says how it matches",
    "MatchingWorkflowArnMalformed": "a table needs a schema mapping",
    "NotOneWayOfMatching": "a workflow matches in one way",
    "OnlyForRuleConditions": "only conditions are transitive",
    "ProvidersWithoutAnyAnalysis": "providers are for rules that allow any query",
    "RulesMissing": "a side that defines the rules has them",
    "RulesNotUsed": "only the side that defines the rules has them",
    "UniqueIdCount": "a schema has one ID",
}
DECLARABLE = [one for one in SAMPLES if BY_NAME[one.l1.CFN_RESOURCE_TYPE_NAME] in LISTINGS]


def resource_type_of(sample: Sample) -> ResourceType:
    return BY_NAME[sample.l1.CFN_RESOURCE_TYPE_NAME]


def literal(node: Any) -> Any:
    """Replace references to roles that the template creates."""
    if isinstance(node, dict):
        if len(node) == 1 and next(iter(node)).startswith("Fn::"):
            return ROLE_ARN
        return {key: literal(item) for key, item in node.items()}
    return [*map(literal, node)] if isinstance(node, list) else node


def variants(sample: Sample) -> list[Properties]:
    """Return properties of a resource: with, without and with another value of each part."""
    full = {**sample.full, "tags": {"Team": "Data"}}
    least, everything = properties_of(sample, {}, full)
    further = [{**least, **more} for more in FURTHER[resource_type_of(sample)].values()]
    found = [least, everything, *({**least, name: everything[name]} for name in everything)]
    for whole in (least, everything, *further):
        found += [whole, *without_each(whole), *with_other_values(whole)]
    return [*{json.dumps(one, sort_keys=True): one for one in found}.values()]


def properties_of(sample: Sample, *declarations: Any) -> Iterator[Properties]:
    """Yield the properties in the template of a resource with each of these arguments."""
    app = App()  # it is synthesized once for all of them
    environment = Environment(account=ACCOUNT, region=REGION)
    stacks = [Stack(app, f"Stack{number}", env=environment) for number in range(len(declarations))]
    for stack, arguments in zip(stacks, declarations, strict=True):
        sample.declare(stack, **arguments)
    app.synth(skip_validation=True)  # because both have the same name
    for stack in stacks:
        resources = Template.from_stack(stack).find_resources(sample.l1.CFN_RESOURCE_TYPE_NAME)
        [resource] = resources.values()
        yield literal(resource["Properties"])


def make(sample: Sample) -> Iterator[tuple[Properties, Service, str, Properties]]:
    """Make each variant that the service accepts, in a service of its own.

    Yields:
        The properties, the service, the physical ID, and the properties as they are read.
    """
    resource_type = resource_type_of(sample)
    for number, given in enumerate(variants(sample)):
        properties = deepcopy(given)
        service = CleanRooms() if resource_type.service == "cleanrooms" else EntityResolution()
        [handlers] = [one for one in resource_types(service) if one.name == resource_type.name]
        if resource_type.name_property:
            properties[resource_type.name_property] = f"variant{number}"
        try:
            if resource_type is MEMBERSHIP:
                collaboration = invited_by_partner(service, properties)
                properties["CollaborationIdentifier"] = collaboration
            if resource_type is ID_MAPPING_TABLE:
                associate_namespaces(service, properties["MembershipIdentifier"])
            physical_id, _ = handlers.create(CALLER, "Resource", properties)
        except (HandlerError, InvalidPropertiesError, ServiceError, KeyError):
            continue  # the service does not accept this combination
        yield given, service, physical_id, handlers.read(CALLER, physical_id)


def associate_namespaces(service: Service, membership: str) -> None:
    """Associate the two ID namespaces that an ID mapping table needs."""
    for name in ("source", "target"):
        arn = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/{name}"
        request = {
            "membershipIdentifier": membership,
            "name": name,
            "inputReferenceConfig": {"inputReferenceArn": arn, "manageResourcePolicies": True},
        }
        service.call("CreateIdNamespaceAssociation", CALLER, request)


def invited_by_partner(service: Service, membership: Properties) -> str:
    """Create a collaboration whose creator lets the account query and pay, and return its ID."""
    payments = in_api(membership.get("PaymentConfiguration"))
    request = {
        "name": "audience-overlap",
        "description": "Which customers we share",
        "creatorDisplayName": "Advertiser",
        "creatorMemberAbilities": [],
        "members": [
            {
                "accountId": ACCOUNT,
                "displayName": "Publisher",
                "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
                **({"paymentConfiguration": payments} if payments else {}),
            }
        ],
        "queryLogStatus": "ENABLED",
        "jobLogStatus": "ENABLED",
        "isMetricsEnabled": True,
    }
    answer = service.call("CreateCollaboration", PARTNER, request)
    return str(answer["collaboration"]["id"])


def in_api(node: Any) -> Any:
    """Return a part of the properties with the names that the API uses."""
    if isinstance(node, dict):
        return {name[0].lower() + name[1:]: in_api(value) for name, value in node.items()}
    return node


def keep(
    aws: FakeAws, resource_type: ResourceType, service: Service, physical_id: str, live: Any
) -> None:
    """Make AWS answer with a resource."""
    identifier, _, membership = physical_id.partition("|")
    request = {resource_type.identifier_parameter: identifier}
    if membership:
        request["membershipIdentifier"] = membership
    listing = operation(resource_type.list)
    getting = operation(resource_type.get)
    within = {"membershipIdentifier": membership} if membership else {}
    fixed = {} if membership else dict(resource_type.list_arguments)
    summaries = service.call(listing, CALLER, {**within, **fixed})[resource_type.list_items]
    aws.listed.setdefault(listing, []).extend(summaries)
    aws.described[getting, identifier] = service.call(getting, CALLER, request)
    aws.live[resource_type.name, physical_id] = live
    arn = live[resource_type.arn_property]
    aws.tags[arn] = service.call("ListTagsForResource", CALLER, {"resourceArn": arn})["tags"]
    if resource_type.analysis_rules:
        getting_rule = f"{getting}AnalysisRule"
        details = resource_type.details(aws.described[getting, identifier])
        for kind in details.get("analysisRuleTypes", ()):
            aws.described[getting_rule, identifier] = service.call(
                getting_rule, CALLER, {**request, "analysisRuleType": kind}
            )
    for name, (further, items) in resource_type.further_details.items():
        answer = service.call(operation(further), CALLER, request)
        aws.members[identifier] = {items: answer[items]}
        assert name == "members"


def operation(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def paste_what_is_accepted(code: str, app: App) -> list[list[str]]:
    """Paste code, and return the codes of the problems of each construct that is refused."""
    refused: list[list[str]] = []
    tree = ast.parse(code)
    constructs = "".join(
        f"with accepted():\n{indent(ast.unparse(one), '    ')}\n"
        if isinstance(one, ast.Expr)
        else f"{ast.unparse(one)}\n"
        for one in tree.body
    )

    @contextmanager
    def accepted() -> Iterator[None]:
        try:
            yield
        except ValidationError as error:
            refused.append([problem.code for problem in error.problems])

    paste(constructs, app, accepted=accepted)
    return refused


@pytest.mark.parametrize("sample", DECLARABLE, ids=str)
def test_what_discover_prints_is_adopted_without_a_change(
    sample: Sample,
    aws: FakeAws,
    adopt: Adopt,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    resource_type = resource_type_of(sample)
    made = [*make(sample)]
    assert_each_property_is_set_and_not_set(resource_type, [given for given, *_ in made])
    for _, service, physical_id, live in made:
        keep(aws, resource_type, service, physical_id, live)
    membership = []
    if resource_type.is_in_membership:
        membership = ["--membership", sample.primary_identifier["MembershipIdentifier"]]
    options = ["--resource-type", resource_type.option, "--format", "python", *membership]
    capfd.readouterr()
    assert command.main(["discover", *options]) == 0
    code = capfd.readouterr().out

    app = App(outdir=str(tmp_path / "assembly"))
    refused = paste_what_is_accepted(code, app)
    assert {*chain.from_iterable(refused)} <= {*NOT_FROM_AWS}
    with suppress(RuntimeError):  # several constructs with one name, or in one collaboration
        app.synth(skip_validation=True)
    status, output, error = adopt("--dry-run", "--app", str(tmp_path / "assembly"))

    assert status == 0, error
    assert [line for line in output.splitlines() if "(" in line] == []
    printed = len(json.loads((tmp_path / "assembly/Pasted.adopt.json").read_text())["Adoptions"])
    incomplete = len(re.findall(r"^# \w+\($", code, re.MULTILINE))
    assert printed + len(refused) + incomplete == len(made)
    assert len(output.splitlines()) == printed


def assert_each_property_is_set_and_not_set(
    resource_type: ResourceType, variants: list[Properties]
) -> None:
    made = [{*names_in(properties)} for properties in variants]
    for name, is_required in names_in_schema(resource_type.name):
        above = name.rpartition(".")[0].removesuffix("[]")
        is_known = not {*ancestors(name)} & {*NEVER_SET}
        assert any(name in names for names in made) == is_known, name
        if is_known and not is_required:
            can_be_left_out = any(
                name not in names and (not above or above in names) for names in made
            )
            assert can_be_left_out == (name not in ALWAYS_SET), name


def ancestors(name: str) -> Iterator[str]:
    """Yield the name of a property and those of the properties that contain it."""
    while name:
        yield name.removesuffix("[]")
        name = name.rpartition(".")[0]
