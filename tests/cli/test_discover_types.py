"""Tests of `cdk-cleanrooms discover` for each resource type, and for invitations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template
from botocore.client import BaseClient

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.listing import BY_OPTION
from tests.cli.conftest import Outcome
from tests.cli.fake_aws import FakeAws, Refusal
from tests.cli.test_discover import paste
from tests.samples import (
    ACCOUNT,
    ASSOCIATION_ID,
    COLLABORATION_ID,
    ID_MAPPING_WORKFLOW_ARN,
    ID_NAMESPACE_ARN,
    KEY_ARN,
    MEMBERSHIP_ID,
    REGION,
    ROLE_ARN,
    TABLE_ID,
)

PARTNER = "999999999999"
ER = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}"
TABLE = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/people"
MATCHING_WORKFLOW = f"{ER}:matchingworkflow/people"
RULES = [{"ruleName": "Email", "matchingKeys": ["email"]}]

Discover = Callable[..., Outcome]


@pytest.fixture
def discover(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> Discover:
    def discover(*arguments: str) -> Outcome:
        aws.requests.clear()
        status = command.main(["discover", *arguments])
        return Outcome(status, *capsys.readouterr())

    return discover


def have(aws: FakeAws, option: str, *, details: dict[str, Any], **summary: Any) -> None:
    """Add a resource of the type that an option names."""
    resource_type = BY_OPTION[option]
    list_operation, get_operation = (
        "".join(word.capitalize() for word in operation.split("_"))
        for operation in (resource_type.list, resource_type.get)
    )
    aws.listed.setdefault(list_operation, []).append(summary)
    wrapper = resource_type.construct[0].lower() + resource_type.construct[1:]
    answer = {wrapper: details} if resource_type.service == "cleanrooms" else details
    aws.described[get_operation, summary[resource_type.identifier]] = answer


def properties(discover: Discover, app: App, option: str, *more: str) -> dict[str, Any]:
    """Return the properties that the code for the only resource of a type synthesizes to."""
    status, output, error = discover("--resource-type", option, "--format", "python", *more)
    assert (status, error) == (0, "")
    assert "# " not in output
    resources = Template.from_stack(paste(output, app)).to_json()["Resources"]
    [resource] = resources.values()
    found: dict[str, Any] = resource["Properties"]
    return found


def code(discover: Discover, option: str) -> str:
    status, output, error = discover("--resource-type", option, "--format", "python")
    assert (status, error) == (0, "")
    return output


# Clean Rooms


def have_id_mapping_table(aws: FakeAws) -> None:
    summary = {
        "id": TABLE_ID,
        "arn": "arn:table",
        "membershipId": MEMBERSHIP_ID,
        "name": "people",
        "inputReferenceConfig": {
            "inputReferenceArn": ID_MAPPING_WORKFLOW_ARN,
            "manageResourcePolicies": True,
        },
    }
    details = {**summary, "description": "All of them", "kmsKeyArn": KEY_ARN}
    have(aws, "id-mapping-table", details=details, **summary)


def test_an_id_mapping_table_is_declared_with_its_values(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    have_id_mapping_table(aws)

    found = properties(discover, app, "id-mapping-table", "--membership", MEMBERSHIP_ID)

    assert found == {
        "MembershipIdentifier": MEMBERSHIP_ID,
        "Name": "people",
        "Description": "All of them",
        "KmsKeyArn": KEY_ARN,
        "InputReferenceConfig": {
            "InputReferenceArn": ID_MAPPING_WORKFLOW_ARN,
            "ManageResourcePolicies": True,
        },
    }


def have_collaboration(
    aws: FakeAws, *, members: list[dict[str, Any]] | None = None, **more: object
) -> None:
    summary = {
        "id": COLLABORATION_ID,
        "arn": "arn:collaboration",
        "name": "ours",
        "creatorAccountId": ACCOUNT,
        "creatorDisplayName": "Us",
    }
    details = {**summary, "description": "Shared", "queryLogStatus": "ENABLED", **more}
    have(aws, "collaboration", details=details, **summary)
    theirs = {**summary, "id": ASSOCIATION_ID, "creatorAccountId": PARTNER}
    aws.listed["ListCollaborations"].append(theirs)
    creator = {"accountId": ACCOUNT, "displayName": "Us", "abilities": ["CAN_QUERY"]}
    aws.listed["ListMembers"] = [creator, *(members or [])]


def test_a_collaboration_of_this_account_is_declared_with_its_members(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    partner = {
        "accountId": PARTNER,
        "displayName": "They",
        "abilities": ["CAN_RECEIVE_RESULTS"],
        "mlAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
        "paymentConfiguration": {
            "queryCompute": {"isResponsible": True},
            "jobCompute": {"isResponsible": False},
        },
    }
    encryption = {
        "allowCleartext": True,
        "allowDuplicates": False,
        "allowJoinsOnColumnsWithDifferentNames": False,
        "preserveNulls": True,
    }
    have_collaboration(aws, members=[partner], dataEncryptionMetadata=encryption)

    found = properties(discover, app, "collaboration")

    assert (found["Name"], found["Description"]) == ("ours", "Shared")
    assert (found["CreatorDisplayName"], found["CreatorMemberAbilities"]) == ("Us", ["CAN_QUERY"])
    assert found["DataEncryptionMetadata"] == {
        key[0].upper() + key[1:]: encryption[key] for key in encryption
    }
    [member] = found["Members"]
    assert (member["AccountId"], member["DisplayName"]) == (PARTNER, "They")
    assert member["MemberAbilities"] == ["CAN_RECEIVE_RESULTS"]
    assert member["MLMemberAbilities"]["CustomMLMemberAbilities"] == ["CAN_RECEIVE_MODEL_OUTPUT"]
    assert member["PaymentConfiguration"]["QueryCompute"] == {"IsResponsible": True}


def test_a_collaboration_without_partners_is_declared_without_members(
    aws: FakeAws, discover: Discover
) -> None:
    have_collaboration(aws)

    assert "members=" not in code(discover, "collaboration")
    assert discover("--resource-type", "collaboration", "--format", "id").output == (
        f"{COLLABORATION_ID}\n"
    )


def have_membership(aws: FakeAws, **more: object) -> None:
    summary = {
        "id": MEMBERSHIP_ID,
        "arn": "arn:membership",
        "collaborationId": COLLABORATION_ID,
        "collaborationName": "ours",
    }
    details = {**summary, "queryLogStatus": "ENABLED", "jobLogStatus": "DISABLED", **more}
    have(aws, "membership", details=details, **summary)


def results(**more: object) -> dict[str, Any]:
    place = {"bucket": "our-results", "keyPrefix": "queries", **more}
    return {"outputConfiguration": {"s3": place}, "roleArn": ROLE_ARN}


def test_a_membership_is_declared_with_its_result_configuration(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    have_membership(
        aws,
        paymentConfiguration={"queryCompute": {"isResponsible": True}},
        defaultResultConfiguration=results(resultFormat="CSV", singleFileOutput=True),
        defaultJobResultConfiguration=results(),
    )

    found = properties(discover, app, "membership")

    assert found["CollaborationIdentifier"] == COLLABORATION_ID
    assert found["QueryLogStatus"] == "ENABLED"
    assert found["DefaultResultConfiguration"] == {
        "OutputConfiguration": {
            "S3": {
                "Bucket": "our-results",
                "KeyPrefix": "queries",
                "ResultFormat": "CSV",
                "SingleFileOutput": True,
            }
        },
        "RoleArn": ROLE_ARN,
    }
    assert found["DefaultJobResultConfiguration"] == {
        "OutputConfiguration": {"S3": {"Bucket": "our-results", "KeyPrefix": "queries"}},
        "RoleArn": ROLE_ARN,
    }


def test_a_membership_without_results_is_declared_without_them(
    aws: FakeAws, discover: Discover
) -> None:
    have_membership(aws)

    assert "results" not in code(discover, "membership")


def test_a_member_that_a_newer_boto3_has_is_shown(
    aws: FakeAws, discover: Discover, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_membership(aws)
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        found = call(client, name, parameters)
        if name != "GetMembership":
            return found
        return {"membership": {**found["membership"], "pausedTime": datetime(2027, 1, 1)}}

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)

    printed = code(discover, "membership")
    assert 'does not know pausedTime, which is "2027-01-01 00:00:00".\nMembership(\n' in printed
    [shown] = json.loads(discover("--resource-type", "membership", "--format", "json").output)
    assert shown["pausedTime"] == {"value": "2027-01-01 00:00:00"}


# Entity Resolution


def have_named(aws: FakeAws, option: str, **details: object) -> None:
    """Add a resource of Entity Resolution, which is identified by its name."""
    resource_type = BY_OPTION[option]
    summary = {resource_type.identifier: "people", resource_type.arn: f"{ER}:x/people"}
    have(aws, option, details={**summary, **details}, **summary)


def test_a_schema_mapping_is_declared_with_its_values(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    have_named(
        aws,
        "schema-mapping",
        description="Our customers",
        mappedInputFields=[
            {"fieldName": "id", "type": "UNIQUE_ID", "hashed": False},
            {
                "fieldName": "mail",
                "type": "EMAIL_ADDRESS",
                "matchKey": "email",
                "groupName": "contact",
                "hashed": True,
            },
            {"fieldName": "other", "type": "PROVIDER_ID", "subType": "LIVERAMP"},
        ],
    )

    assert properties(discover, app, "schema-mapping") == {
        "SchemaName": "people",
        "Description": "Our customers",
        "MappedInputFields": [
            {"FieldName": "id", "Type": "UNIQUE_ID", "Hashed": False},
            {
                "FieldName": "mail",
                "Type": "EMAIL_ADDRESS",
                "MatchKey": "email",
                "GroupName": "contact",
                "Hashed": True,
            },
            {"FieldName": "other", "Type": "PROVIDER_ID", "SubType": "LIVERAMP"},
        ],
    }


def test_an_empty_tag_of_entity_resolution_is_declared(aws: FakeAws, discover: Discover) -> None:
    have_named(aws, "schema-mapping", mappedInputFields=[{"fieldName": "id", "type": "UNIQUE_ID"}])
    aws.tags[f"{ER}:x/people"] = {"Empty": ""}

    assert '"Empty": ""' in code(discover, "schema-mapping")


def have_matching_workflow(aws: FakeAws, *, output: object = None, **techniques: object) -> None:
    have_named(
        aws,
        "matching-workflow",
        inputSourceConfig=[
            {"inputSourceARN": TABLE, "schemaName": "people", "applyNormalization": False}
        ],
        outputSourceConfig=[
            output
            or {
                "outputS3Path": "s3://our-bucket/matched/",
                "KMSArn": KEY_ARN,
                "applyNormalization": True,
                "output": [{"name": "id"}, {"name": "mail", "hashed": True}],
            }
        ],
        resolutionTechniques={"enableRealTimeMatching": False, **techniques},
        incrementalRunConfig={"incrementalRunType": "IMMEDIATE"},
        roleArn=ROLE_ARN,
    )


def test_a_matching_workflow_is_declared_with_its_values(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    have_matching_workflow(
        aws,
        resolutionType="RULE_MATCHING",
        ruleBasedProperties={"rules": RULES, "attributeMatchingModel": "MANY_TO_MANY"},
    )

    found = properties(discover, app, "matching-workflow")

    assert found == {
        "WorkflowName": "people",
        "RoleArn": ROLE_ARN,
        "InputSourceConfig": [
            {
                "InputSourceARN": TABLE,
                "SchemaArn": found["InputSourceConfig"][0]["SchemaArn"],
                "ApplyNormalization": False,
            }
        ],
        "OutputSourceConfig": [
            {
                "OutputS3Path": "s3://our-bucket/matched/",
                "KMSArn": KEY_ARN,
                "ApplyNormalization": True,
                "Output": [{"Name": "id"}, {"Name": "mail", "Hashed": True}],
            }
        ],
        "ResolutionTechniques": {
            "ResolutionType": "RULE_MATCHING",
            "RuleBasedProperties": {
                "Rules": [{"RuleName": "Email", "MatchingKeys": ["email"]}],
                "AttributeMatchingModel": "MANY_TO_MANY",
            },
        },
        "IncrementalRunConfig": {"IncrementalRunType": "IMMEDIATE"},
    }
    assert "schemamapping/people" in json.dumps(found["InputSourceConfig"][0]["SchemaArn"])


def test_a_matching_workflow_with_conditions_is_declared_with_them(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    have_matching_workflow(
        aws,
        resolutionType="RULE_MATCHING",
        enableRealTimeMatching=True,
        ruleConditionProperties={
            "rules": [{"ruleName": "Email", "condition": "Exact(email)"}],
            "matchingConfig": {"enableTransitiveMatching": True},
        },
    )

    assert properties(discover, app, "matching-workflow")["ResolutionTechniques"] == {
        "ResolutionType": "RULE_MATCHING",
        "RuleConditionProperties": {
            "Rules": [{"RuleName": "Email", "Condition": "Exact(email)"}],
            "MatchingConfig": {"EnableTransitiveMatching": True},
        },
        "EnableRealTimeMatching": True,
    }


def test_a_matching_workflow_with_machine_learning_is_declared_with_it(
    aws: FakeAws, discover: Discover, app: App
) -> None:
    have_matching_workflow(aws, resolutionType="ML_MATCHING")

    assert properties(discover, app, "matching-workflow")["ResolutionTechniques"] == {
        "ResolutionType": "ML_MATCHING"
    }


def test_a_comment_names_what_the_code_cannot_declare(aws: FakeAws, discover: Discover) -> None:
    provider = {"providerServiceArn": "arn:provider"}
    have_matching_workflow(
        aws,
        output={"customerProfilesIntegrationConfig": {"domainArn": "d", "objectTypeArn": "o"}},
        resolutionType="PROVIDER",
        providerProperties=provider,
    )

    lines = code(discover, "matching-workflow").splitlines()

    assert lines[3:7] == [
        '# This code does not declare output, which is {"customerProfilesIntegrationConfig":'
        ' {"domainArn": "d", "objectTypeArn": "o"}}.',
        "# This code does not declare provider, which is"
        f" {json.dumps({'providerProperties': provider})}.",
        "# Without that, the construct declares something else. Write the argument by hand before"
        " you remove the comment signs.",
        "# MatchingWorkflow(",
    ]
    assert all(line.startswith("#") for line in lines[3:])
    options = ("--resource-type", "matching-workflow", "--format", "json")
    [found] = json.loads(discover(*options).output)
    assert found["provider"] == {"providerProperties": provider}


def test_an_output_with_more_than_a_path_is_printed_as_a_comment(
    aws: FakeAws, discover: Discover
) -> None:
    have_matching_workflow(
        aws,
        output={
            "outputS3Path": "s3://our-bucket/matched/",
            "customerProfilesIntegrationConfig": {"domainArn": "d", "objectTypeArn": "o"},
        },
        resolutionType="ML_MATCHING",
    )

    assert "# This code does not declare output, which is {" in code(discover, "matching-workflow")


def test_results_without_a_role_are_printed_as_a_comment(aws: FakeAws, discover: Discover) -> None:
    place = results()
    del place["roleArn"]
    have_membership(aws, defaultResultConfiguration=place)

    assert "# This code does not declare results, which is {" in code(discover, "membership")


def test_an_id_mapping_workflow_without_id_namespaces_is_printed_as_a_comment(
    aws: FakeAws, discover: Discover
) -> None:
    have_id_mapping_workflow(aws, "SOURCE")

    found = code(discover, "id-mapping-workflow")

    assert "# This code does not declare target, which is {" in found
    assert f'#     source="{ID_NAMESPACE_ARN}-SOURCE",\n#     rule_definition_type=' in found


@pytest.mark.parametrize("purpose", ["IDENTIFIER_GENERATION", "INDEXING"])
def test_the_purpose_of_matching_is_declared(
    purpose: str, aws: FakeAws, discover: Discover
) -> None:
    rules = {"rules": RULES, "attributeMatchingModel": "ONE_TO_ONE", "matchPurpose": purpose}
    have_matching_workflow(aws, resolutionType="RULE_MATCHING", ruleBasedProperties=rules)

    assert f'\n    match_purpose="{purpose}",\n' in code(discover, "matching-workflow")


def mapping(**more: object) -> dict[str, Any]:
    return {
        "ruleDefinitionTypes": ["TARGET"],
        "attributeMatchingModel": "ONE_TO_ONE",
        "recordMatchingModels": ["MANY_SOURCE_TO_ONE_TARGET"],
        **more,
    }


@pytest.mark.parametrize(
    ("source", "type", "rules"),
    [
        ({"inputSourceARN": MATCHING_WORKFLOW}, "TARGET", RULES),
        ({"inputSourceARN": TABLE, "schemaName": "people"}, "SOURCE", None),
    ],
    ids=["target", "source"],
)
def test_an_id_namespace_is_declared_with_its_values(
    source: dict[str, str],
    type: str,
    rules: list[dict[str, Any]] | None,
    aws: FakeAws,
    discover: Discover,
    app: App,
) -> None:
    more = {"rules": rules} if rules else {}
    have_named(
        aws,
        "id-namespace",
        type=type,
        inputSourceConfig=[source],
        idMappingWorkflowProperties=[
            {"idMappingType": "RULE_BASED", "ruleBasedProperties": mapping(**more)}
        ],
        roleArn=ROLE_ARN,
    )

    found = properties(discover, app, "id-namespace")

    assert (found["IdNamespaceName"], found["Type"], found["RoleArn"]) == ("people", type, ROLE_ARN)
    assert found["InputSourceConfig"] == [
        {"InputSourceARN": source["inputSourceARN"]}
        | ({"SchemaName": source["schemaName"]} if "schemaName" in source else {})
    ]
    [way] = found["IdMappingWorkflowProperties"]
    assert way["RuleBasedProperties"] == {
        "RuleDefinitionTypes": ["TARGET"],
        "AttributeMatchingModel": "ONE_TO_ONE",
        "RecordMatchingModels": ["MANY_SOURCE_TO_ONE_TARGET"],
    } | ({"Rules": [{"RuleName": "Email", "MatchingKeys": ["email"]}]} if rules else {})


def test_an_id_namespace_without_inputs_is_declared_with_an_empty_list(
    aws: FakeAws, discover: Discover
) -> None:
    rules = {
        "ruleDefinitionTypes": ["TARGET"],
        "attributeMatchingModel": "ONE_TO_ONE",
        "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
    }
    mapping = {"idMappingType": "RULE_BASED", "ruleBasedProperties": rules}
    have_named(
        aws,
        "id-namespace",
        type="SOURCE",
        idMappingWorkflowProperties=[mapping],
        roleArn=ROLE_ARN,
    )

    assert '\n    type="SOURCE",\n    inputs=[],\n' in code(discover, "id-namespace")


def test_an_id_namespace_is_not_declared_with_a_role_and_rules_that_it_does_not_have(
    aws: FakeAws, discover: Discover
) -> None:
    have_named(aws, "id-namespace", type="SOURCE")

    printed = code(discover, "id-namespace")

    for name in ("rule_definition_types", "attribute_matching_model", "record_matching_models"):
        assert f"# The resource has no {name}, which the construct would add.\n" in printed
    assert (
        "# The resource has no role, which the construct would add.\n"
        "# Remove the comment signs only if a deployment may add that to the resource.\n"
    ) in printed
    assert "\n# IdNamespace(\n" in printed


def have_id_mapping_workflow(aws: FakeAws, *sides: str, **more: object) -> None:
    have_named(
        aws,
        "id-mapping-workflow",
        inputSourceConfig=[
            {"inputSourceARN": f"{ID_NAMESPACE_ARN}-{side}", "type": side} for side in sides
        ],
        idMappingTechniques={
            "idMappingType": "RULE_BASED",
            "ruleBasedProperties": {
                "ruleDefinitionType": "TARGET",
                "attributeMatchingModel": "ONE_TO_ONE",
                "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
            },
        },
        roleArn=ROLE_ARN,
        **more,
    )


@pytest.mark.parametrize(
    ("live", "declared"),
    [
        ({}, {}),
        (
            {
                "outputSourceConfig": [{"outputS3Path": "s3://our-bucket", "KMSArn": KEY_ARN}],
                "incrementalRunConfig": {"incrementalRunType": "ON_DEMAND"},
            },
            {
                "OutputSourceConfig": [{"OutputS3Path": "s3://our-bucket", "KMSArn": KEY_ARN}],
                "IdMappingIncrementalRunConfig": {"IncrementalRunType": "ON_DEMAND"},
            },
        ),
    ],
    ids=["least", "most"],
)
def test_an_id_mapping_workflow_is_declared_with_its_values(
    live: dict[str, Any], declared: dict[str, Any], aws: FakeAws, discover: Discover, app: App
) -> None:
    have_id_mapping_workflow(aws, "SOURCE", "TARGET", **live)

    assert properties(discover, app, "id-mapping-workflow") == {
        "WorkflowName": "people",
        "RoleArn": ROLE_ARN,
        "InputSourceConfig": [
            {"InputSourceARN": f"{ID_NAMESPACE_ARN}-{side}", "Type": side}
            for side in ("SOURCE", "TARGET")
        ],
        "IdMappingTechniques": {
            "IdMappingType": "RULE_BASED",
            "RuleBasedProperties": {
                "RuleDefinitionType": "TARGET",
                "AttributeMatchingModel": "ONE_TO_ONE",
                "RecordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
            },
        },
        **declared,
    }


# All types


@pytest.mark.parametrize("option", [*BY_OPTION])
def test_finding_no_resource_of_a_type_is_reported(option: str, discover: Discover) -> None:
    in_membership = BY_OPTION[option].is_in_membership
    membership = ("--membership", MEMBERSHIP_ID) if in_membership else ()

    status, output, error = discover("--resource-type", option, *membership)

    assert (status, output) == (3, "")
    place = f"membership {MEMBERSHIP_ID}" if in_membership else "this account in this Region"
    assert f"error: {place} has no {BY_OPTION[option].noun}; check the " in error


def test_a_table_of_named_resources_has_their_names_and_types(
    aws: FakeAws, discover: Discover
) -> None:
    have(aws, "id-namespace", details={}, idNamespaceName="a", idNamespaceArn="x", type="SOURCE")
    aws.tags["x"] = {"aws:cloudformation:stack-name": "Ours"}

    assert discover("--resource-type", "id-namespace").output.splitlines() == [
        "NAME  TYPE    MADE BY STACK",
        "a     SOURCE  Ours",
    ]


def test_a_table_omits_tags_that_cannot_be_read(aws: FakeAws, discover: Discover) -> None:
    have_id_mapping_workflow(aws, "SOURCE")
    aws.refusals["ListTagsForResource"] = Refusal("AccessDeniedException", "Not you")
    options = ("--resource-type", "id-mapping-workflow")

    assert discover(*options).output.split()[-1] == "?"
    assert discover(*options, "--format", "json").status == 1


# Invitations


def test_invitations_are_collaborations_that_this_account_has_not_joined(
    aws: FakeAws, discover: Discover
) -> None:
    aws.listed["ListCollaborations"] = [
        {
            "id": COLLABORATION_ID,
            "name": "theirs",
            "creatorAccountId": PARTNER,
            "creatorDisplayName": "They",
        }
    ]

    assert [line.split() for line in discover("--invitations").output.splitlines()] == [
        ["ID", "NAME", "CREATOR", "ACCOUNT"],
        [COLLABORATION_ID, "theirs", "They", PARTNER],
    ]
    assert discover("--invitations", "--format", "id").output == f"{COLLABORATION_ID}\n"
    assert json.loads(discover("--invitations", "--format", "json").output) == [
        {
            "collaboration": COLLABORATION_ID,
            "name": "theirs",
            "creator": "They",
            "creator_account_id": PARTNER,
        }
    ]
    assert discover("--invitations", "--format", "python").output == (
        "from cdk_cleanrooms import Membership\n\n"
        'Membership(\n    self,\n    "TheirsMembership",\n'
        f'    collaboration="{COLLABORATION_ID}",\n)\n'
    )


def test_an_account_that_is_not_known_is_reported(aws: FakeAws, discover: Discover) -> None:
    aws.refusals["GetCallerIdentity"] = Refusal("AccessDenied", "Not you")

    status, output, error = discover("--invitations")

    assert (status, output) == (1, "")
    assert "sts:GetCallerIdentity" in error


@pytest.mark.parametrize(
    ("format", "nothing"), [("table", ""), ("id", ""), ("json", "[]\n"), ("python", "")]
)
def test_having_no_invitation_is_reported(format: str, nothing: str, discover: Discover) -> None:
    status, output, error = discover("--invitations", "--format", format)

    assert (status, output) == (3, nothing)
    assert error == (
        f"cdk-cleanrooms discover: error: no collaboration invites account {ACCOUNT}; check the"
        " profile and the Region\n"
    )
