"""A reform of Oz made of two texts, with a policy that a test writes."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from clearslate.policy.reform import PolicyReform
from clearslate.testing.oz import read_statute

REFORM = """
id = "oz_trial"
title = "Oz: a trial"
jurisdiction = "Oz"
statute = "ZZ Acts 2016 c. 1"
summary = "A reform to try policies on."
default_policy = "statute"
readers = ["oz_rolls"]
reliefs = [
  { id = "reduce", title = "Reduced", effect = "The grade is reduced.", leaves = "misdemeanor" },
  { id = "dismiss", title = "Dismissed", effect = "It is dismissed.", leaves = "nothing" },
]
[facts.jars]
words = "the number of jars"
question = "How many jars?"
answer = "number"
[facts.sold]
words = "whether it was sold"
question = "Was it sold?"
answer = "yes_no"
"""

HEAD = """
reform = "oz_trial"
id = "statute"
title = "A trial"
summary = "A policy to try."
in_force = 2016-07-01
reviewed_on = 2026-09-01
source = "ZZ Acts 2016 c. 1"
"""

SCOPE = """
[[scope]]
cite = "ZZ Acts 2016 c. 1 s 2"
test = { is = "statute_in", statutes = ["ZZ 100"] }
"""

LAST = """
[[rules]]
id = "otherwise"
then = "ineligible"
because = "Nothing else applies."
cite = "ZZ Acts 2016 c. 1 s 9"
"""

MakeReform = Callable[..., PolicyReform]


@pytest.fixture
def make_reform(tmp_path: Path) -> MakeReform:
    """Make a reform whose policy is HEAD, ``top``, SCOPE, ``rules`` and LAST, each replaceable."""

    def make(
        rules: str = "", *, top: str = "", head: str = HEAD, scope: str = SCOPE, last: str = LAST, reform: str = REFORM
    ) -> PolicyReform:
        folder = tmp_path / "oz"
        (folder / "policies").mkdir(parents=True, exist_ok=True)
        text = "".join((head, textwrap.dedent(top), scope, textwrap.dedent(rules), last))
        (folder / "reform.toml").write_text(reform, encoding="utf-8")
        (folder / "policies" / "statute.toml").write_text(text, encoding="utf-8")
        return PolicyReform(folder, read_statute=read_statute)

    return make
