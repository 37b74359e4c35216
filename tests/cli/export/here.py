"""The synthesis of printed apps in the process of the tests."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from typing import Any

from cdk_cleanrooms._cli.export import synthesizer


class SynthesizerHere(synthesizer.Synthesizer):
    """Synthesizes in the process of the tests, because a new process takes seconds to start."""

    def __init__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def _ask(self, request: Any) -> Any:
        with redirect_stdout(sys.stderr):
            [answer] = synthesizer._answers([json.dumps(request)])
        return json.loads(answer)
