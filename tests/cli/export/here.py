"""The synthesis of printed apps in the process of the tests."""

from __future__ import annotations

import json
import re
import sys
from contextlib import redirect_stdout
from functools import cache
from typing import Any

from cdk_cleanrooms._cli.export import synthesizer

_DOCSTRING = re.compile(r'\A""".*?"""\n', re.DOTALL)


class SynthesizerHere(synthesizer.Synthesizer):
    """Synthesizes in the process of the tests, because a new process takes seconds to start."""

    def __init__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def _ask(self, request: Any) -> Any:
        # What the docstring says of the gaps changes no template.
        code = {name: _DOCSTRING.sub("", request.get(name, "")) for name in ("text", "otherwise")}
        return json.loads(_answer(json.dumps(request | code)))


@cache
def _answer(request: str) -> str:
    """Return the answer to a request, which several tests make if they read one collaboration."""
    with redirect_stdout(sys.stderr):
        [answer] = synthesizer._answers([request])
    return answer
