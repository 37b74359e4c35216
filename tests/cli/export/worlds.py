"""Collaborations that somebody made by hand, with boto3, in a local cloud."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cdk_cleanrooms.local_cloud.cloud import LocalAccount

_FIELDS = [
    {"fieldName": "id", "type": "UNIQUE_ID"},
    {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
]
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {
                "Service": ["cleanrooms.amazonaws.com", "entityresolution.amazonaws.com"]
            },
        }
    ],
}
_KEY = "arn:aws:kms:us-east-1:444455556666:key/a1b2c3d4-5678-90ab-cdef-444444444444"
_RULE = {"ruleName": "Email", "matchingKeys": ["Email"]}


@dataclass
class World:
    """A collaboration of one account, and what it contains.

    Attributes:
        account: The account that makes the calls.
        collaboration: The ID of the collaboration.
        membership: The ID of the account's membership.
        answers: What AWS has answered, if nothing changes any more.
    """

    account: LocalAccount
    collaboration: str = ""
    membership: str = ""
    answers: dict[Any, Any] = field(default_factory=dict)
    _roles: dict[str, str] = field(default_factory=dict)

    def call(self, operation: str, service: str = "cleanrooms", **arguments: Any) -> Any:
        """Call an operation, and return the answer."""
        return getattr(self.account.client(service), operation)(**arguments)

    def resolve(self, operation: str, **arguments: Any) -> Any:
        """Call an operation of Entity Resolution, and return the answer."""
        return self.call(operation, "entityresolution", **arguments)

    @property
    def role(self) -> str:
        """The ARN of a role that Clean Rooms and Entity Resolution can use."""
        return self.role_named("elsewhere")

    def role_named(self, name: str) -> str:
        """Return the ARN of a role with a name, which is created first if it does not exist."""
        if name not in self._roles:
            created = self.call(
                "create_role",
                "iam",
                RoleName=name,
                AssumeRolePolicyDocument=json.dumps(_TRUST),
            )
            self._roles[name] = str(created["Role"]["Arn"])
        return self._roles[name]

    def arn(self, path: str) -> str:
        """Return the ARN of a resource of Entity Resolution in this account."""
        return f"arn:aws:entityresolution:{self.account.region}:{self.account.account}:{path}"

    def table(self, name: str) -> str:
        """Return the ARN of a table of AWS Glue in this account."""
        return f"arn:aws:glue:{self.account.region}:{self.account.account}:table/people/{name}"

    def collaborate(
        self, name: str = "match", joining: dict[str, Any] | None = None, **more: Any
    ) -> None:
        """Create a collaboration, and join it."""
        created = self.call(
            "create_collaboration",
            **{
                "name": name,
                "description": "Who is both",
                "creatorDisplayName": "Example Corp",
                "creatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
                "queryLogStatus": "ENABLED",
                "members": [],
            }
            | more,
        )
        self.collaboration = created["collaboration"]["id"]
        self.join(
            **{"queryLogStatus": created["collaboration"]["queryLogStatus"]} | (joining or {})
        )

    def join(self, **more: Any) -> None:
        """Join the collaboration."""
        joined = self.call(
            "create_membership",
            collaborationIdentifier=self.collaboration,
            **{"queryLogStatus": "ENABLED"} | more,
        )
        self.membership = joined["membership"]["id"]

    def in_membership(self, operation: str, **arguments: Any) -> Any:
        """Call an operation on the membership, and return the only member of the answer."""
        answer = self.call(operation, membershipIdentifier=self.membership, **arguments)
        [result] = [item for key, item in answer.items() if key != "ResponseMetadata"]
        return result

    def schema_mapping(self, name: str, **more: Any) -> None:
        """Create a schema mapping."""
        fields = {"mappedInputFields": _FIELDS} | more
        self.resolve("create_schema_mapping", schemaName=name, **fields)

    def matching_workflow(
        self,
        name: str,
        schema: str,
        columns: Sequence[str] = ("id", "email"),
        purpose: str | None = None,
        **more: Any,
    ) -> None:
        """Create a matching workflow, which writes all columns of its schema by default."""
        output = [{"name": column} for column in columns]
        by_purpose = {"matchPurpose": purpose} if purpose else {}
        self.resolve(
            "create_matching_workflow",
            workflowName=name,
            inputSourceConfig=[{"inputSourceARN": self.table(name), "schemaName": schema}],
            outputSourceConfig=[{"outputS3Path": "s3://data/out/", "output": output}],
            resolutionTechniques={
                "resolutionType": "RULE_MATCHING",
                "ruleBasedProperties": {
                    "attributeMatchingModel": "ONE_TO_ONE",
                    "rules": [_RULE],
                    **by_purpose,
                },
            },
            roleArn=self.role,
            **more,
        )

    def source(self, name: str, schema: str, **more: Any) -> str:
        """Create an ID namespace of the type SOURCE, and return its ARN."""
        self.resolve(
            "create_id_namespace",
            idNamespaceName=name,
            type="SOURCE",
            inputSourceConfig=[{"inputSourceARN": self.table(name), "schemaName": schema}],
            idMappingWorkflowProperties=[_mapping(None)],
            roleArn=self.role,
            **more,
        )
        return self.arn(f"idnamespace/{name}")

    def target(self, name: str, workflow: str, **more: Any) -> str:
        """Create an ID namespace of the type TARGET, and return its ARN."""
        self.resolve(
            "create_id_namespace",
            idNamespaceName=name,
            type="TARGET",
            inputSourceConfig=[{"inputSourceARN": self.arn(f"matchingworkflow/{workflow}")}],
            idMappingWorkflowProperties=[_mapping([_RULE])],
            roleArn=self.role,
            **more,
        )
        return self.arn(f"idnamespace/{name}")

    def id_mapping_workflow(self, name: str, source: str, target: str, **more: Any) -> str:
        """Create an ID mapping workflow, and return its ARN."""
        self.resolve(
            "create_id_mapping_workflow",
            workflowName=name,
            inputSourceConfig=[
                {"inputSourceARN": source, "type": "SOURCE"},
                {"inputSourceARN": target, "type": "TARGET"},
            ],
            idMappingTechniques={
                "idMappingType": "RULE_BASED",
                "ruleBasedProperties": {
                    "ruleDefinitionType": "TARGET",
                    "attributeMatchingModel": "ONE_TO_ONE",
                    "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
                },
            },
            roleArn=self.role,
            **more,
        )
        return self.arn(f"idmappingworkflow/{name}")

    def associate(self, name: str, id_namespace: str, **more: Any) -> str:
        """Associate an ID namespace, and return the ID of the association."""
        created = self.in_membership(
            "create_id_namespace_association",
            name=name,
            inputReferenceConfig={
                "inputReferenceArn": id_namespace,
                "manageResourcePolicies": True,
            },
            **more,
        )
        return str(created["id"])

    def map_ids(self, name: str, workflow: str, **more: Any) -> str:
        """Create an ID mapping table, and return its ID."""
        created = self.in_membership(
            "create_id_mapping_table",
            name=name,
            inputReferenceConfig={"inputReferenceArn": workflow, "manageResourcePolicies": True},
            **more,
        )
        return str(created["id"])

    def whole_mapping(self) -> None:
        """Create a whole ID mapping in the membership."""
        self.schema_mapping("customers")
        self.schema_mapping("subscribers", description="Who gets the newsletter")
        self.matching_workflow("subscribers", "subscribers")
        source = self.source("customers", "customers")
        target = self.target("subscribers", "subscribers")
        workflow = self.id_mapping_workflow("customers-to-subscribers", source, target)
        self.associate("customers", source, tags={"Team": "Data"})
        self.associate("subscribers", target)
        self.map_ids("customers_to_subscribers", workflow)

    def whole_mapping_to(self, path: str) -> str:
        """Create an ID mapping that writes to a path, and return the ARN of its workflow."""
        self.collaborate()
        for name in ("source", "target"):
            self.schema_mapping(name)
        self.matching_workflow("target", "target")
        source, target = self.source("source", "source"), self.target("target", "target")
        place = [{"outputS3Path": path, "KMSArn": _KEY}]
        workflow = self.id_mapping_workflow("map", source, target, outputSourceConfig=place)
        self.associate("source", source)
        self.associate("target", target)
        self.map_ids("map", workflow)
        return workflow

    def configured_table(
        self, name: str, columns: list[str], rule: dict[str, Any] | None = None, **more: Any
    ) -> str:
        """Create a configured table with a rule, and return its ID."""
        created = self.call(
            "create_configured_table",
            name=name,
            allowedColumns=columns,
            **{
                "tableReference": {"glue": {"databaseName": "people", "tableName": name.lower()}},
                "analysisMethod": "DIRECT_QUERY",
            }
            | more,
        )
        id = str(created["configuredTable"]["id"])
        if rule:
            [kind] = rule
            self.call(
                "create_configured_table_analysis_rule",
                configuredTableIdentifier=id,
                analysisRuleType=kind.upper(),
                analysisRulePolicy={"v1": rule},
            )
        return id

    def associate_table(
        self,
        name: str,
        table: str,
        rule: dict[str, Any] | None = None,
        role: str | None = None,
        **more: Any,
    ) -> str:
        """Associate a configured table, and return the ARN of the association."""
        created = self.in_membership(
            "create_configured_table_association",
            name=name,
            configuredTableIdentifier=table,
            roleArn=role or self.role,
            **more,
        )
        if rule:
            [kind] = rule
            self.in_membership(
                "create_configured_table_association_analysis_rule",
                configuredTableAssociationIdentifier=created["id"],
                analysisRuleType=kind.upper(),
                analysisRulePolicy={"v1": rule},
            )
        return str(created["arn"])

    def analysis_template(self, name: str, text: str, **more: Any) -> str:
        """Create an analysis template in SQL, and return its ARN."""
        created = self.in_membership(
            "create_analysis_template", name=name, format="SQL", source={"text": text}, **more
        )
        return str(created["arn"])


def _mapping(rules: list[dict[str, Any]] | None) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "ruleDefinitionTypes": ["TARGET"],
        "attributeMatchingModel": "ONE_TO_ONE",
        "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
    }
    if rules:
        properties["rules"] = rules
    return {"idMappingType": "RULE_BASED", "ruleBasedProperties": properties}


def with_explicit_defaults(world: World, partner: World, *, source_is_table: bool) -> None:
    """Create what a careful script does: it also sets what is the default.

    Args:
        world: The account that creates everything.
        partner: An invited account.
        source_is_table: Whether the source of the ID mapping is a table, and not a workflow.
    """
    nothing = {"isResponsible": False}
    member = {
        "accountId": partner.account.account,
        "displayName": "Partner",
        "memberAbilities": [],
        "paymentConfiguration": {"queryCompute": nothing, "jobCompute": nothing},
    }
    world.collaborate(
        members=[member],
        jobLogStatus="DISABLED",
        isMetricsEnabled=False,
        analyticsEngine="SPARK",
        autoApprovedChangeRequestTypes=[],
    )
    fields = [{"hashed": False, **one} for one in _FIELDS]
    for name in ("source", "target"):
        world.schema_mapping(name, mappedInputFields=fields, description="")
        world.matching_workflow(name, name, purpose="IDENTIFIER_GENERATION")
    by_rules = {
        "ruleDefinitionType": "SOURCE",
        "attributeMatchingModel": "ONE_TO_ONE",
        "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
        "rules": [_RULE],
    }
    table = {"inputSourceARN": world.table("source"), "schemaName": "source"}
    workflow = {"inputSourceARN": world.arn("matchingworkflow/source")}
    world.resolve(
        "create_id_mapping_workflow",
        workflowName="map",
        inputSourceConfig=[
            table if source_is_table else workflow,
            {"inputSourceARN": world.arn("matchingworkflow/target")},
        ],
        idMappingTechniques={"idMappingType": "RULE_BASED", "ruleBasedProperties": by_rules},
        roleArn=world.role,
    )
    world.associate("source", world.source("source", "source"))
    world.associate("target", world.target("target", "target"))
    world.map_ids("map", world.arn("idmappingworkflow/map"))


def whole_query_side(world: World) -> None:
    """Create two tables with rules, their associations, templates and budgets."""
    receivers = [world.account.account]
    overlap = world.analysis_template(
        "overlap",
        "SELECT COUNT(*)\nFROM orders\nWHERE region = :region",
        analysisParameters=[{"name": "region", "type": "VARCHAR", "defaultValue": "EU"}],
        description="How many",
    )
    world.analysis_template("plain", "SELECT 1 FROM orders", tags={"Team": "Data"})
    orders = world.configured_table(
        "orders",
        ["email", "region"],
        {
            "custom": {
                "allowedAnalyses": [overlap],
                "comparisonControls": {
                    "allowedColumnComparisonColumns": [],
                    "allowedLiteralComparisonColumns": ["region"],
                },
            }
        },
    )
    visits = world.configured_table(
        "visits",
        ["email", "day", "amount"],
        {
            "aggregation": {
                "aggregateColumns": [{"columnNames": ["amount"], "function": "SUM"}],
                "joinColumns": ["email"],
                "dimensionColumns": ["day"],
                "scalarFunctions": [],
                "outputConstraints": [
                    {"columnName": "email", "minimum": 100, "type": "COUNT_DISTINCT"}
                ],
            }
        },
        description="Who came when",
    )
    listed = world.configured_table(
        "listed", ["email", "age"], {"list": {"joinColumns": ["email"], "listColumns": ["age"]}}
    )
    association = world.associate_table(
        "orders", orders, {"custom": {"allowedResultReceivers": receivers}}
    )
    world.associate_table("visits", visits)
    world.associate_table("listed", listed, description="By age")
    world.in_membership(
        "create_privacy_budget_template",
        autoRefresh="NONE",
        privacyBudgetType="ACCESS_BUDGET",
        parameters={
            "accessBudget": {
                "budgetParameters": [
                    {"type": "CALENDAR_WEEK", "budget": 100, "autoRefresh": "ENABLED"},
                    {"type": "LIFETIME", "budget": 5000},
                ],
                "resourceArn": association,
            }
        },
    )
    world.in_membership(
        "create_privacy_budget_template",
        autoRefresh="CALENDAR_MONTH",
        privacyBudgetType="DIFFERENTIAL_PRIVACY",
        parameters={"differentialPrivacy": {"epsilon": 3, "usersNoisePerQuery": 30}},
    )
