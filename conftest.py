"""How property tests run: new examples at each run on a developer's machine, the same ones always in CI.

No example has a deadline: a loaded machine is not a defect of the program.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "here")
