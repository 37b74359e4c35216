"""Tests of the example `adopt`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from cdk_cleanrooms.local_cloud import LocalCloud
from tests.apps import run_app

from .conftest import Synthesize
from .running import ASSOCIATION, EXAMPLES, resources_of

ROOT = EXAMPLES.parent
FOLDER = EXAMPLES / "adopt"
MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
EXISTING = "a1b2c3d4-5678-90ab-cdef-222222222222"


def test_synthesis_writes_a_mapping_only_for_the_stage_that_adopts(
    synthesize: Synthesize,
) -> None:
    assembly = synthesize("adopt")
    (mapping,) = assembly.folder.rglob("*.import.json")
    assert mapping.parent.name == "assembly-Prod"
    assert str(mapping.relative_to(assembly.folder.parent)) in (FOLDER / "README.md").read_text(
        "utf-8"
    )
    (logical_id,) = resources_of(assembly.templates["Prod-Matching"], ASSOCIATION)
    assert json.loads(mapping.read_text("utf-8")) == {
        logical_id: {
            "IdNamespaceAssociationIdentifier": EXISTING,
            "MembershipIdentifier": MEMBERSHIP,
        }
    }


def test_the_association_outlives_its_stack_whether_it_was_adopted_or_not(
    synthesize: Synthesize,
) -> None:
    templates = synthesize("adopt").templates
    for stack in ("Prod-Matching", "Beta-Matching"):
        (association,) = resources_of(templates[stack], ASSOCIATION).values()
        assert association["DeletionPolicy"] == "RetainExceptOnCreate"
        assert association["UpdateReplacePolicy"] == "Retain"


def commands_of_the_workflow() -> list[str]:
    """Return the commands of the GitHub Actions workflow."""
    workflow = yaml.safe_load((FOLDER / ".github" / "workflows" / "deploy.yml").read_text("utf-8"))
    return [step["run"] for step in workflow["jobs"]["deploy"]["steps"] if "run" in step]


def test_the_workflow_runs_the_tested_commands_with_the_tested_cli() -> None:
    cli = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]["aws-cdk"]
    assert commands_of_the_workflow() == [
        "pip install -r requirements.txt",
        f"npm install --global aws-cdk@{cli}",
        "cdk synth --quiet",
        "./deploy.sh Beta",
        "./deploy.sh Prod",
    ]


class Pipeline:
    """A copy of the example, and a local cloud to deploy it to without prompts."""

    def __init__(self, folder: Path, cloud: LocalCloud) -> None:
        self._folder = folder
        self._cloud = cloud
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("cdk.out"))

    def edit(self, old: str, new: str) -> None:
        """Change the app."""
        source = (self._folder / "app.py").read_text("utf-8")
        assert source.count(old) == 1
        (self._folder / "app.py").write_text(source.replace(old, new), "utf-8")

    def run(self, *command: str) -> str:
        """Run a command, and check that it succeeds."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        process = subprocess.run(
            command,
            cwd=self._folder,
            # The CDK's own validation takes seconds, and another test includes it.
            env=self._cloud.environment | {"PATH": path, "CDK_VALIDATION": "false"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.returncode == 0, process.stdout
        return process.stdout

    def synth(self) -> None:
        """Run the app with the CDK CLI, as the workflow does."""
        self.run(*commands_of_the_workflow()[2].split())

    def synth_in_this_process(self) -> None:
        """Do the same in less time."""
        run_app(self._folder, self._folder / "cdk.out")

    def deploy(self) -> str:
        """Deploy as the workflow does, without the account that does not exist."""
        return self.run(*commands_of_the_workflow()[4].split())

    def association(self) -> dict[str, Any]:
        """Return the only association in the cloud, without values that change by themselves."""
        (association,) = self._cloud.resources("IdNamespaceAssociation")
        return {name: association[name] for name in ("id", "name", "description")}


def test_the_pipeline_adopts_once_then_updates_and_never_prompts(tmp_path: Path) -> None:
    description = "Our customers, to be matched with our partner's"
    with LocalCloud() as cloud:
        made_by_hand = cloud.client("cleanrooms").create_id_namespace_association(
            membershipIdentifier=MEMBERSHIP,
            name="customers",
            description=description,
            inputReferenceConfig={
                "inputReferenceArn": (
                    f"arn:aws:entityresolution:us-east-1:{cloud.account}:idnamespace/customers"
                ),
                "manageResourcePolicies": True,
            },
        )["idNamespaceAssociation"]["id"]
        pipeline = Pipeline(tmp_path / "adopt", cloud)
        cloud.bootstrap()
        pipeline.edit(EXISTING, made_by_hand)

        pipeline.synth()
        assert "importing resources into stack" in pipeline.deploy()
        adopted = {"id": made_by_hand, "name": "customers"}
        assert pipeline.association() == adopted | {"description": description}

        pipeline.edit(description, "Our customers")
        pipeline.synth_in_this_process()
        assert "skipping import" in pipeline.deploy()
        assert pipeline.association() == adopted | {"description": "Our customers"}
