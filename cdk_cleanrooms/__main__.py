"""Run the command `cdk-cleanrooms` with `python -m cdk_cleanrooms`."""

import sys

from ._cli.command import main

sys.exit(main())
