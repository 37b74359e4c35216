"""Collaborations of random sizes, with random options, for tests that hold for all of them."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.cli.export.worlds import World
from tests.stacks import DeployedStack

OTHER_STACK = "Elsewhere"
TAGS = {"Team": "Data", 'a "quoted" key': "it's \\ a {value}"}
# Keywords, builtins, names of imports, other scripts, and names that differ only in punctuation.
_TEXTS = (
    "class",
    "print",
    "self",
    "App",
    "客户",
    "été",
    "☃",
    "2024 customers",
    'say """hello"""',
    "back\\slash \\N{DASH} {x} %s",
    "a\u2028b\u0085c\td",
    "${AWS::Region} ${Token[TOKEN.1]}",
    "#{Token[TOKEN.1]}",
    "x" * 100,
)
_DESCRIPTIONS = (*_TEXTS, 'two\r\nlines\n\n"""', "  spaces  ")
_WORDS = ("class", "None", "customers", "Customers_2024", "a-b", "ab", "A_B", "2024", "x" * 60)
_SQL = (
    "SELECT 1",
    "SELECT ':' || \"x\" || '''' || '\\n'",
    "SELECT \"\"\"\nFROM a\nWHERE b = ''' -- \\",
    "SELECT a\r\nFROM b\r\nWHERE c",
    "\ufeffSELECT 1\n\n\nFROM c",
    "SELECT '${Token[TOKEN.7]}'\nFROM a\nWHERE ${x}",
    "SELECT '" + "long " * 400 + "'",
    "SELECT '\u2028客户☃'\n\t, 2   \n, 3\n",
)
_RULES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"custom": {"allowedAnalyses": ["ANY_QUERY"], "allowedAnalysisProviders": ["444455556666"]}},
    {
        "custom": {
            "allowedAnalyses": [],
            "differentialPrivacy": {"columns": [{"name": "email"}]},
        }
    },
    {
        "aggregation": {
            "aggregateColumns": [{"columnNames": ["age"], "function": "SUM"}],
            "joinColumns": ["email"],
            "dimensionColumns": ["day"],
            "scalarFunctions": [],
            "outputConstraints": [
                {"columnName": "email", "minimum": 100, "type": "COUNT_DISTINCT"}
            ],
        }
    },
    {"list": {"joinColumns": ["email"], "listColumns": ["age", "day"]}},
)
_COLUMNS = ["email", "age", "day"]
_ATHENA = {
    "athena": {
        "databaseName": "people",
        "tableName": "visits",
        "workGroup": "class",
        "outputLocation": "s3://queries/None/",
        "catalogName": "a-b",
    }
}
_WITHOUT_SLASH = {"athena": {**_ATHENA["athena"], "outputLocation": "s3://queries/None"}}
_SNOWFLAKE = {
    "snowflake": {
        "secretArn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:class/a-b-Ab1Cd2",
        "accountIdentifier": "example-prod",
        "databaseName": "客户",
        "schemaName": "class",
        "tableName": "été 2024",
        "tableSchema": {"v1": [{"columnName": name, "columnType": "VARCHAR"} for name in _COLUMNS]},
    }
}


class RandomWorld:
    """Makes the resources of one collaboration.

    Args:
        world: The account.
        partner: Another account, which can be the creator.
        random: The source of all choices.
    """

    def __init__(self, world: World, partner: World, random: Random) -> None:
        self.world = world
        self.partner = partner
        self.random = random
        self.number = iter(range(1000))
        self.receives_results = True
        self.has_partner = True
        self.elsewhere: dict[str, Any] = {}
        self.namespaces: dict[str, list[str]] = {"SOURCE": [], "TARGET": []}

    def make(self) -> World:
        """Make everything, and return the world."""
        self._collaborate()
        self._map_ids()
        self._query()
        return self.world

    def _is(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def _maybe(self, **options: Any) -> dict[str, Any]:
        return {name: item for name, item in options.items() if self._is()}

    def _name(self, words: tuple[str, ...] = _WORDS) -> str:
        """Return a name that no other resource of its type has."""
        return f"{self.random.choice(words)}_{next(self.number)}"

    def _text(self) -> str:
        return self.random.choice(_TEXTS)

    def _description(self) -> str:
        return self.random.choice(_DESCRIPTIONS)

    def _role(self) -> str:
        return self.world.role_named(self.random.choice(("elsewhere", "2024", "Data_role", "role")))

    def _collaborate(self) -> None:
        world, partner = self.world, self.partner
        others = [
            {
                "accountId": partner.account.account,
                "displayName": self._text()[:60],
                "memberAbilities": ["CAN_RECEIVE_RESULTS"] if self._is() else [],
            }
        ]
        logs = self._maybe(jobLogStatus="ENABLED", isMetricsEnabled=True, analyticsEngine="SPARK")
        terms = {
            "queryLogStatus": self.random.choice(("ENABLED", "DISABLED")),
            "description": self._description(),
            **logs,
            **self._maybe(
                tags=TAGS,
                dataEncryptionMetadata={
                    "allowCleartext": self._is(),
                    "allowDuplicates": self._is(),
                    "allowJoinsOnColumnsWithDifferentNames": self._is(),
                    "preserveNulls": self._is(),
                },
            ),
        }
        joining = {"queryLogStatus": terms["queryLogStatus"], **self._maybe(tags=TAGS)}
        if self._is(0.6):
            paid = {"queryCompute": {"isResponsible": True}}
            if self._is():
                terms["creatorPaymentConfiguration"] = joining["paymentConfiguration"] = paid
            self.has_partner = self._is()
            members = others if self.has_partner else []
            if self._is(0.2):
                self._collaborate_elsewhere(members, joining["queryLogStatus"])
            else:
                name = self._text()
                if self._is(0.2):  # another one of the same name
                    world.collaborate(name)
                world.collaborate(name, members=members, joining=joining, **terms)
            if self.has_partner:
                partner.collaboration = world.collaboration
                results = self._results(partner.role) if others[0]["memberAbilities"] else {}
                partner.join(queryLogStatus=joining["queryLogStatus"], **results)
            return
        others[0]["accountId"] = world.account.account
        self.receives_results = bool(others[0]["memberAbilities"])
        if self.receives_results:
            joining |= self._results(self._role())
        partner.collaborate(self._text(), members=others, **terms)
        world.collaboration = partner.collaboration
        world.join(**joining)

    def _results(self, role: str) -> dict[str, Any]:
        place = {"bucket": "results", "resultFormat": "CSV", **self._maybe(keyPrefix="x")}
        configuration = {"outputConfiguration": {"s3": place}, "roleArn": role}
        return {"defaultResultConfiguration": configuration}

    def _collaborate_elsewhere(self, members: list[dict[str, Any]], logs: str) -> None:
        """Let another stack create the collaboration and the membership."""
        as_properties = [{key[0].upper() + key[1:]: one[key] for key in one} for one in members]
        collaboration = self._elsewhere(
            "AWS::CleanRooms::Collaboration",
            Name="elsewhere",
            Description="Of another stack",
            CreatorDisplayName="We",
            CreatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            Members=as_properties,
            QueryLogStatus=logs,
        )
        self.world.collaboration = collaboration
        self.world.membership = self._elsewhere(
            "AWS::CleanRooms::Membership",
            CollaborationIdentifier=collaboration,
            QueryLogStatus=logs,
        )

    def _map_ids(self) -> None:
        schemas = [self._schema() for _ in range(self.random.randint(1, 3))]
        for _ in range(self.random.randint(0, 4)):
            self._namespace(self.random.choice(schemas))
        sources, targets = self.namespaces["SOURCE"], self.namespaces["TARGET"]
        if sources and self.has_partner and self._is():
            targets.insert(0, self._target_of_partner(sources[0]))
        if not sources or not targets:
            return
        workflow = self.world.id_mapping_workflow(
            self._name(),
            sources[0],
            targets[0],
            **self._maybe(
                incrementalRunConfig={"incrementalRunType": "ON_DEMAND"},
                description="It's {one}",
                tags={"a": ""},
            ),
        )
        for _ in range(self.random.randint(1, 2)):
            self.world.map_ids(
                f"table_{next(self.number)}",
                workflow,
                **self._maybe(description=self._description()),
            )

    def _target_of_partner(self, source: str) -> str:
        """Return the ARN of an associated ID namespace of the partner, with the name of ours."""
        name = source.rpartition("/")[2]
        self.partner.schema_mapping(name)
        self.partner.matching_workflow(name, name)
        target = self.partner.target(name, name)
        self.partner.associate("theirs", target)
        return target

    def _schema(self) -> str:
        name = self._name()
        if self._is(0.2):
            self._elsewhere(
                "AWS::EntityResolution::SchemaMapping",
                SchemaName=name,
                MappedInputFields=[
                    {"FieldName": "id", "Type": "UNIQUE_ID"},
                    {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": "Email"},
                ],
            )
        else:
            self.world.schema_mapping(
                name, **self._maybe(description='One\\two "three"', tags={"a": "", **TAGS})
            )
        return name

    def _namespace(self, schema: str) -> None:
        name = self._name()
        side = self.random.choice(("SOURCE", "TARGET"))
        more = self._maybe(description="{{x}} \\", tags=TAGS)
        if side == "SOURCE":
            arn = self.world.source(name, schema, **more)
        else:
            options = self._maybe(description="x", tags=TAGS, columns=["email"])
            self.world.matching_workflow(name, schema, **options)
            arn = self.world.target(name, name, **more)
        if self._is(0.8):
            self.world.associate(
                self._name(_TEXTS)[-99:],
                arn,
                **self._maybe(
                    description=self._description(),
                    tags=TAGS,
                    idMappingConfig={"allowUseAsDimensionColumn": self._is()},
                ),
            )
            self.namespaces[side].append(arn)

    def _query(self) -> None:
        templates = [self._template() for _ in range(self.random.randint(0, 4))]
        associations = [self._table(templates) for _ in range(self.random.randint(0, 4))]
        for association in associations:
            if self._is(0.4):
                self._access_budget(association)
        if self._is():
            self.world.in_membership(
                "create_privacy_budget_template",
                autoRefresh=self.random.choice(("NONE", "CALENDAR_MONTH")),
                privacyBudgetType="DIFFERENTIAL_PRIVACY",
                parameters={"differentialPrivacy": {"epsilon": 3, "usersNoisePerQuery": 30}},
            )

    def _template(self) -> str:
        name = f"{self.random.choice(('class', 'overlap', 'aa-b', 'A_B'))}{next(self.number)}"
        if self._is(0.1):
            membership = f"membership/{self.world.membership}"
            id = self._elsewhere(
                "AWS::CleanRooms::AnalysisTemplate",
                MembershipIdentifier=self.world.membership,
                Name=name,
                Format="SQL",
                Source={"Text": "SELECT 1"},
            )
            account = self.world.account
            return (
                f"arn:aws:cleanrooms:{account.region}:{account.account}:{membership}"
                f"/analysistemplate/{id}"
            )
        more = self._maybe(description=self._description(), tags=TAGS)
        if self.receives_results and self._is(0.2):
            artifacts = {
                "entryPoint": {"location": {"bucket": "code", "key": "main.py"}},
                "roleArn": self._role(),
                **self._maybe(
                    additionalArtifacts=[{"location": {"bucket": "code", "key": "env.tar.gz"}}]
                ),
            }
            more |= self._maybe(errorMessageConfiguration={"type": "DETAILED"})
            created = self.world.in_membership(
                "create_analysis_template",
                name=name,
                format="PYSPARK_1_0",
                source={"artifacts": artifacts},
                **more,
            )
            return str(created["arn"])
        text = self.random.choice(_SQL)
        if self._is():
            text += " WHERE x = :since"
            value = self._maybe(defaultValue='"it\'s" \\')
            more["analysisParameters"] = [{"name": "since", "type": "VARCHAR", **value}]
        return self.world.analysis_template(name, text, **more)

    def _table(self, templates: list[str]) -> str:
        name = self._name(("customers", "Customers 2024", "class", "aa-b"))
        rule = self.random.choice(_RULES)
        if templates and self._is(0.4):
            rule = {"custom": {"allowedAnalyses": templates[:2]}}
        if rule is None and self._is(0.3):
            table = self._table_elsewhere(name)
        else:
            more: dict[str, Any] = {}
            if self._is(0.2) and not rule:
                both = ["DIRECT_QUERY", "DIRECT_JOB"]
                more = {"analysisMethod": "MULTIPLE", "selectedAnalysisMethods": both}
            custom = (rule or {"custom": {}}).get("custom")
            if custom is not None and "differentialPrivacy" not in custom and self._is(0.4):
                more["tableReference"] = self.random.choice((_ATHENA, _WITHOUT_SLASH, _SNOWFLAKE))
            table = self.world.configured_table(
                name,
                _COLUMNS,
                rule,
                **more,
                **self._maybe(description=self._description(), tags=TAGS),
            )
        kind = next(iter(rule or {"": None}))
        receivers = [self.world.account.account]
        own = {kind: {"allowedResultReceivers": receivers}} if kind and self._is() else None
        return self.world.associate_table(
            self._name(("orders", "Orders", "class")),
            table,
            own,
            role=self._role(),
            **self._maybe(description=self._description(), tags=TAGS),
        )

    def _table_elsewhere(self, name: str) -> str:
        return self._elsewhere(
            "AWS::CleanRooms::ConfiguredTable",
            Name=name,
            AllowedColumns=_COLUMNS,
            AnalysisMethod="DIRECT_QUERY",
            TableReference={"Glue": {"DatabaseName": "people", "TableName": "visits"}},
        )

    def _elsewhere(self, type: str, **properties: Any) -> str:
        """Create a resource in another stack, and return its ID or name."""
        name = f"R{len(self.elsewhere)}"
        self.elsewhere[name] = {"Type": type, "Properties": properties}
        stack = DeployedStack(self.world.account, OTHER_STACK)
        stack.deploy({"Resources": self.elsewhere})
        return stack.physical_ids()[name].split("|")[0]

    def _access_budget(self, association: str) -> None:
        parameters: list[dict[str, Any]] = []
        if self._is():
            parameters.append({"type": "LIFETIME", "budget": 5000})
        if self._is() or not parameters:
            parameters.append(
                {
                    "type": self.random.choice(("CALENDAR_DAY", "CALENDAR_WEEK", "CALENDAR_MONTH")),
                    "budget": self.random.randint(1, 1000),
                    "autoRefresh": self.random.choice(("ENABLED", "DISABLED")),
                }
            )
        self.world.in_membership(
            "create_privacy_budget_template",
            autoRefresh="NONE",
            privacyBudgetType="ACCESS_BUDGET",
            parameters={
                "accessBudget": {"budgetParameters": parameters, "resourceArn": association}
            },
        )
