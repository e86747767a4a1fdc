"""What the Illinois cannabis clearance files: the motions, the list for the pardon, and the lists for the police.

Each packet takes up the entries to which its route is granted; an entry may be in several.
"""

from __future__ import annotations

from clearslate.filing.filing import Filing
from clearslate_il_cannabis.individual import IndividualMotions
from clearslate_il_cannabis.motion import StatesAttorneyMotion
from clearslate_il_cannabis.pardon import PardonList
from clearslate_il_cannabis.police import PoliceLists

IL_SA_MOTION = StatesAttorneyMotion()
"""One motion for the convictions of a county."""

IL_INDIVIDUAL = IndividualMotions()
"""A motion for each person and county."""

IL_PRB = PardonList()
"""The list for the State Police and the Prisoner Review Board."""

IL_POLICE = PoliceLists()
"""What the police expunge without a petition."""

FILINGS: tuple[Filing, ...] = (IL_SA_MOTION, IL_INDIVIDUAL, IL_PRB, IL_POLICE)
"""What the reform files."""
