"""``python -m clearslate_cli`` is the command ``clearslate``."""

from __future__ import annotations

import sys

from clearslate_cli.entry import run

if __name__ == "__main__":
    sys.exit(run())
