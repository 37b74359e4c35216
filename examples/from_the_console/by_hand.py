"""Make a collaboration of two companies with boto3 alone, to try `cdk-cleanrooms export`.

It works in the shell of the local cloud, where the access key says which account makes a call.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import boto3

RETAILER, PUBLISHER = "111122223333", "444455556666"
FIELDS = [
    {"fieldName": "id", "type": "UNIQUE_ID"},
    {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
]
RULES = [{"ruleName": "Email", "matchingKeys": ["Email"]}]


class Company:
    """What one company makes in its account."""

    def __init__(self, account: str, collaboration: str | None = None) -> None:
        self.account = account
        keys = {"aws_access_key_id": account, "aws_secret_access_key": "local"}
        self.cleanrooms = boto3.client("cleanrooms", **keys)
        self.resolution = boto3.client("entityresolution", **keys)
        self.region = self.cleanrooms.meta.region_name
        self.role = self.make_role(boto3.client("iam", **keys))
        self.collaboration = collaboration or self.collaborate()
        joined = self.cleanrooms.create_membership(
            collaborationIdentifier=self.collaboration, queryLogStatus="ENABLED"
        )
        self.membership = {"membershipIdentifier": joined["membership"]["id"]}

    def make_role(self, iam: Any) -> str:
        """Make the role with which the services read the data, and return its ARN."""
        services = ["cleanrooms.amazonaws.com", "entityresolution.amazonaws.com"]
        trusted = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": services},
        }
        made = iam.create_role(
            RoleName="clean-rooms-data",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trusted]}),
        )
        return str(made["Role"]["Arn"])

    def collaborate(self) -> str:
        """Create the collaboration, and return its ID."""
        made = self.cleanrooms.create_collaboration(
            name="Audience overlap",
            description="Which customers we share",
            creatorDisplayName="Retailer",
            creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            members=[{"accountId": PUBLISHER, "displayName": "Publisher", "memberAbilities": []}],
            queryLogStatus="ENABLED",
        )
        return str(made["collaboration"]["id"])

    def arn(self, path: str, service: str = "entityresolution") -> str:
        """Return the ARN of something in this account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{path}"

    def offer_ids(self, name: str, side: str) -> str:
        """Associate an ID namespace, and return its ARN."""
        table = self.arn(f"table/crm/{name}", "glue")
        source = {"inputSourceARN": table, "schemaName": name}
        self.resolution.create_schema_mapping(schemaName=name, mappedInputFields=FIELDS)
        rules: dict[str, Any] = {
            "ruleDefinitionTypes": ["TARGET"],
            "attributeMatchingModel": "ONE_TO_ONE",
            "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
        }
        if side == "TARGET":
            matching = {"attributeMatchingModel": "ONE_TO_ONE", "rules": RULES}
            self.resolution.create_matching_workflow(
                workflowName=name,
                inputSourceConfig=[source],
                outputSourceConfig=[{"outputS3Path": "s3://matched/", "output": [{"name": "id"}]}],
                resolutionTechniques={
                    "resolutionType": "RULE_MATCHING",
                    "ruleBasedProperties": matching,
                },
                roleArn=self.role,
            )
            source = {"inputSourceARN": self.arn(f"matchingworkflow/{name}")}
            rules["rules"] = RULES
        made = self.resolution.create_id_namespace(
            idNamespaceName=name,
            type=side,
            inputSourceConfig=[source],
            idMappingWorkflowProperties=[
                {"idMappingType": "RULE_BASED", "ruleBasedProperties": rules}
            ],
            roleArn=self.role,
        )
        arn = str(made["idNamespaceArn"])
        self.cleanrooms.create_id_namespace_association(
            **self.membership,
            name=name,
            inputReferenceConfig={"inputReferenceArn": arn, "manageResourcePolicies": True},
        )
        return arn

    def map_ids(self, source: str, target: str) -> None:
        """Map the IDs of one ID namespace to another one."""
        made = self.resolution.create_id_mapping_workflow(
            workflowName="customers-to-readers",
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
        )
        reference = {"inputReferenceArn": made["workflowArn"], "manageResourcePolicies": True}
        self.cleanrooms.create_id_mapping_table(
            **self.membership, name="customers_to_readers", inputReferenceConfig=reference
        )

    def offer_table(self, name: str, analyses: list[str]) -> str:
        """Associate a table that these analyses may use, and return the association's ARN."""
        table = self.cleanrooms.create_configured_table(
            name=name,
            tableReference={"glue": {"databaseName": "crm", "tableName": name}},
            allowedColumns=["email", "country"],
            analysisMethod="DIRECT_QUERY",
        )["configuredTable"]["id"]
        policy: dict[str, Any] = {"allowedAnalyses": analyses}
        if analyses == ["ANY_QUERY"]:
            policy["allowedAnalysisProviders"] = [RETAILER]
        self.cleanrooms.create_configured_table_analysis_rule(
            configuredTableIdentifier=table,
            analysisRuleType="CUSTOM",
            analysisRulePolicy={"v1": {"custom": policy}},
        )
        association = self.cleanrooms.create_configured_table_association(
            **self.membership, name=name, configuredTableIdentifier=table, roleArn=self.role
        )["configuredTableAssociation"]
        self.cleanrooms.create_configured_table_association_analysis_rule(
            **self.membership,
            configuredTableAssociationIdentifier=association["id"],
            analysisRuleType="CUSTOM",
            analysisRulePolicy={"v1": {"custom": {"allowedResultReceivers": [RETAILER]}}},
        )
        return str(association["arn"])

    def offer_analysis(self) -> str:
        """Create an analysis template, and return its ARN."""
        made = self.cleanrooms.create_analysis_template(
            **self.membership,
            name="overlap",
            format="SQL",
            source={
                "text": "SELECT COUNT(DISTINCT email)\nFROM customers\nJOIN readers USING (email)"
            },
        )
        return str(made["analysisTemplate"]["arn"])

    def limit(self, association: str) -> None:
        """Limit how often queries may use a table."""
        weekly = {"type": "CALENDAR_WEEK", "budget": 100, "autoRefresh": "ENABLED"}
        self.cleanrooms.create_privacy_budget_template(
            **self.membership,
            autoRefresh="NONE",
            privacyBudgetType="ACCESS_BUDGET",
            parameters={"accessBudget": {"budgetParameters": [weekly], "resourceArn": association}},
        )


def main() -> str:
    """Make everything, and return the ID of the collaboration."""
    retailer = Company(RETAILER)
    publisher = Company(PUBLISHER, retailer.collaboration)
    readers = publisher.offer_ids("readers", "TARGET")
    publisher.offer_table("readers", ["ANY_QUERY"])
    retailer.map_ids(retailer.offer_ids("customers", "SOURCE"), readers)
    retailer.limit(retailer.offer_table("customers", [retailer.offer_analysis()]))
    return retailer.collaboration


if __name__ == "__main__":
    sys.stdout.write(f"{main()}\n")
