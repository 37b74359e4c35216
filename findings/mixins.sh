#!/bin/sh
# Three guesses about the CDK's mixins that are wrong, and pass without an error. Seen with
# aws-cdk-lib 2.275.0 (jsii 1.142.0, constructs 10.8.1) on Python 3.11 and Node.js 20 on 2026-11-29.
#
# 1. Guess: `ConstructSelector.cfn_resource()` selects every L1 below a scope.
#    Seen: it selects the scope itself if it is an L1, or its default child. Of a stack it selects
#    nothing. Without a selector, all constructs are offered to the mixin.
# 2. Guess: in `ConstructSelector.by_path("Stack/*")`, the star stands for everything in the stack.
#    Seen: it does not cross a slash, so the L1 inside an L2 is left out; `Stack/**` finds it.
# 3. Guess: `Mixins.of(…).apply(…).require_any()` refuses a mixin that was applied nowhere.
#    Seen: it holds only for what is applied afterwards, so at the end it does nothing. Output:
#        cfn_resource(): []
#        by_path("Stack/*"): ['Stack/Table']
#        by_path("Stack/**"): ['Stack/Data/Resource', 'Stack/Table']
#        no selector: ['Stack/Data/Resource', 'Stack/Table']
#        apply(…).require_any() passes
#        require_any().apply(…) raises
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
import jsii
from aws_cdk import App, CfnResource, ConstructSelector, Mixins, Stack
from aws_cdk.aws_s3 import Bucket
from constructs import IMixin


@jsii.implements(IMixin)
class Note:
    def __init__(self, kind="AWS::"):
        self.kind = kind
        self.paths = []

    def supports(self, construct):
        return CfnResource.is_cfn_resource(construct) and construct.cfn_resource_type.startswith(
            self.kind
        )

    def apply_to(self, construct):
        self.paths.append(construct.node.path)


stack = Stack(App(), "Stack")
Bucket(stack, "Data")
CfnResource(stack, "Table", type="AWS::CleanRooms::ConfiguredTable")
SELECTORS = {
    "cfn_resource()": [ConstructSelector.cfn_resource()],
    'by_path("Stack/*")': [ConstructSelector.by_path("Stack/*")],
    'by_path("Stack/**")': [ConstructSelector.by_path("Stack/**")],
    "no selector": [],
}
for name, selector in SELECTORS.items():
    note = Note()
    Mixins.of(stack, *selector).apply(note)
    print(f"{name}: {note.paths}")
Mixins.of(stack).apply(Note("AWS::EntityResolution::")).require_any()
print("apply(…).require_any() passes")
try:
    Mixins.of(stack).require_any().apply(Note("AWS::EntityResolution::"))
except RuntimeError:
    print("require_any().apply(…) raises")
PYTHON
PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" \
  2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "cfn_resource(): []" "by_path(\"Stack/*\"): ['Stack/Table']" \
  "by_path(\"Stack/**\"): ['Stack/Data/Resource', 'Stack/Table']" \
  "no selector: ['Stack/Data/Resource', 'Stack/Table']" "apply(…).require_any() passes" \
  "require_any().apply(…) raises" | cmp - "$folder/output"
