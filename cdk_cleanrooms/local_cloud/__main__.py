"""The process of the server: `python -m cdk_cleanrooms.local_cloud`."""

from __future__ import annotations

import gc
import sys

from .errors import without_the_extra

if __name__ == "__main__":
    # What is imported remains. Without looking for garbage in it, the start takes a fifth less.
    gc.disable()
    try:
        from .server import serve

        # It ends when its standard input is closed, so it never outlives what started it.
        serve(stop_with_standard_input=True)
    except ModuleNotFoundError as error:
        sys.exit(without_the_extra(error))
