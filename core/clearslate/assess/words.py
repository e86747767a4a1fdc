"""Attorneys' words put to the charges of a run: those that hold decide, those whose facts changed open the charge."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clearslate.assess.keeping import walked
from clearslate.assess.seen import Eyes
from clearslate.errors import LedgerError
from clearslate.ingest.kept import KeptSource
from clearslate.model import Count
from clearslate.output.decided import Decided
from clearslate.output.determinations import COLUMNS
from clearslate.policy.determination import Determination, Outcome
from clearslate.policy.policy import Policy
from clearslate.policy.word import Word, reopened, with_word
from clearslate.vault import runs, spelling
from clearslate.vault.beside import SPOKEN
from clearslate.vault.sealing import altered
from clearslate.vault.store import Store

WITHDRAWN = "withdraw"
"""The kind of an entry that takes an earlier word back."""

_CLOCK = "as_of"
"""The fact that is the day of decision: it is another one in every run, and what it leads to is what counts."""


class Said(NamedTuple):
    """A word as the vault keeps it; ``word`` None takes the earlier one on that route back.

    ``facts`` is the fingerprint of what it rests on. ``run`` is the SHA-256 of the manifest of the run that it was said
    of. ``at`` and ``by`` are the moment (UTC) and the account of its import. ``holds`` is None where that is still to
    be found out.
    """

    route: str | None
    word: Word | None
    facts: str
    run: str
    at: str
    by: str
    holds: bool | None = None

    def __repr__(self) -> str:
        return "<Said>"

    def told(self) -> dict[str, Any]:
        """It as it is kept."""
        about: dict[str, Any] = {
            "route": self.route, "facts": self.facts, "run": self.run, "at": self.at, "by": self.by,
        }  # fmt: skip
        if self.holds is not None:
            about["holds"] = self.holds
        if self.word is None:
            return {"kind": WITHDRAWN, **about}
        word = self.word
        return {
            "kind": word.kind,
            "outcome": None if word.outcome is None else word.outcome.value,
            "relief": word.relief,
            "ground": word.ground,
            "said_by": word.said_by,
            "said_on": word.said_on.isoformat(),
            **about,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Said:
        """A word as it is kept. Raises VaultError."""
        try:
            route, word = told["route"], None
            if told["kind"] != WITHDRAWN:
                outcome = None if told["outcome"] is None else Outcome(told["outcome"])
                day = dt.date.fromisoformat(told["said_on"])
                word = Word(told["kind"], outcome, told["relief"], told["ground"], told["said_by"], day, route)
            return cls(route, word, told["facts"], told["run"], told["at"], told["by"], told.get("holds"))
        except (KeyError, TypeError, ValueError) as error:
            raise altered() from error

    def is_like(self, other: Said) -> bool:
        """Whether both say the same of the same facts, whoever brought them in."""
        return (self.route, self.word, self.facts) == (other.route, other.word, other.facts)


Place = tuple[int, int]
"""A file, and a row of it: by its index among those that are read, or by its number in the vault."""


def last_of_each_route(said: Iterable[Said]) -> dict[str | None, Said]:
    """The last word on each route, in the order in which they were said; a word taken back is there as that."""
    last: dict[str | None, Said] = {}
    for one in sorted(said, key=lambda each: each.at):
        last.pop(one.route, None)
        last[one.route] = one
    return last


def spoken(store: Store, reform: str, policy: str) -> dict[Place, list[Said]]:
    """Every word that was said of runs under a policy, by the number of the file in the vault and the row.

    Raises VaultError.
    """
    found: dict[Place, list[Said]] = {}
    for run in SPOKEN.runs(store):
        told = runs.read_run(store, run)
        if law_of(told) != (reform, policy):
            continue
        files = sources_of(told)
        for person in SPOKEN.persons(store, run):
            for (file, row), every in SPOKEN.read(store, run, person).items():
                found.setdefault((files[file], row), []).extend(Said.read(one) for one in every)
    return found


def law_of(told: Mapping[str, Any]) -> tuple[str, str]:
    """The reform and the policy of a kept run."""
    return told["manifest"]["reform"]["id"], told["manifest"]["policy"]["id"]


def sources_of(told: Mapping[str, Any]) -> dict[str, int]:
    """The numbers of a kept run's files in the vault, by name."""
    return {one["name"]: number for one, number in zip(told["manifest"]["inputs"], told["sources"], strict=True)}


@dataclass(slots=True, repr=False)
class Words:
    """The words of a run by the place of their charge, and what became of each.

    ``elsewhere`` more are about no charge that was decided, where a kept run says so.
    """

    by_place: Mapping[Place, Sequence[Said]]
    elsewhere: int = 0
    heard: dict[Place, tuple[Said, ...]] = field(default_factory=dict)
    _asked: set[Place] = field(default_factory=set)
    _eyes: Eyes = field(default_factory=Eyes)

    @property
    def is_given(self) -> bool:
        """Whether there is any word."""
        return bool(self.by_place or self.elsewhere)

    def about(self, count: Count) -> tuple[Said, ...]:
        """The words that stand on a charge, in the order in which they were said."""
        if not self.by_place:
            return ()
        # Which row stands for a charge may change with a newer file: what was said at any of them is about it.
        found = [said for place in self._places(count) for said in self.by_place[place]]
        return tuple([said for said in last_of_each_route(found).values() if said.word is not None])

    def _places(self, count: Count) -> list[Place]:
        places = dict.fromkeys([(count.place.file, count.place.row), *((row.file, row.row) for row in count.rows)])
        return [place for place in places if place in self.by_place]

    def put(self, policy: Policy, one: Decided, traced: Determination) -> Determination:
        """The determination with the words on its charge; ``traced`` is the same with its brief trace."""
        count = one.count
        heard = []
        for said in self.about(count):
            holds = said.holds
            if holds is None:
                holds = said.facts == of_charge(Decided(one.person, count, traced), said.route, self._eyes)
            heard.append(said._replace(holds=holds))
        self._asked.update(self._places(count))
        self.heard[count.place.file, count.place.row] = tuple(heard)
        return self.once_more(policy, count, one.determination)

    def once_more(self, policy: Policy, count: Count, got: Determination) -> Determination:
        """The same determination made again, with the words that were put to its charge before."""
        for said in self.heard.get((count.place.file, count.place.row), ()):
            assert said.word is not None
            got = (with_word if said.holds else reopened)(policy, got, said.word)
        return got

    def kept_with(self, one: Decided) -> dict[str, Any]:
        """What is kept with a decision on which there were words: what the policy decided, and each word."""
        heard = self.heard.get((one.count.place.file, one.count.place.row))
        if not heard:
            return {}
        return {"own": own_rulings(one.determination), "words": [said.told() for said in heard]}

    def figures(self) -> dict[str, int]:
        """How many words decided, by kind, how many opened a charge again, and how many were on no decided charge.

        Raises LedgerError where the words that stand are not all among them.
        """
        every = [said for heard in self.heard.values() for said in heard]
        put = Counter(said.word.kind for said in every if said.holds and said.word is not None)
        again = sum(not said.holds for said in every)
        left = [said for place, said in self.by_place.items() if place not in self._asked]
        unused = self.elsewhere + sum(_standing(said) for said in left)
        asked = [said for place, said in self.by_place.items() if place in self._asked]
        # Words at two rows of one charge are one where they are on one route, and so at most as many as each apart.
        if not put.total() + again <= sum(map(_standing, asked)):
            raise LedgerError("the words of attorneys do not add up; nothing was released; report this")
        return {
            "given": put.total() + again + unused,
            "settled": put["settle"],
            "overruled": put["overrule"],
            "objected": put["object"],
            "reopened": again,
            "unused": unused,
        }

    def digest(self) -> str:
        """The SHA-256 of every word on a decided charge, with its place, by which the manifest names them."""
        told = [[*place, [said.told() for said in heard]] for place, heard in sorted(self.heard.items())]
        return hashlib.sha256(spelling.spelled(told)).hexdigest()


def _standing(said: Sequence[Said]) -> int:
    return sum(one.word is not None for one in last_of_each_route(said).values())


def own_rulings(got: Determination) -> list[list[str | None]]:
    """What the policy itself decided, on each route where it has some: route, outcome, relief, rule."""
    own = got.own or got
    if own.routes:
        return [[r.relief, r.decision.outcome.value, r.decision.relief, r.rule] for r in own.routes]
    return [[None, own.decision.outcome.value, own.decision.relief, own.rule]]


def kept_rulings(kept: Mapping[str, Any]) -> list[list[str | None]]:
    """The same of a decision as it is kept. Raises VaultError."""
    try:
        return [list(one) for one in kept["own"]] if "own" in kept else decided_rulings(kept)
    except (KeyError, TypeError) as error:
        raise altered() from error


def decided_rulings(kept: Mapping[str, Any]) -> list[list[str | None]]:
    """What was decided of a charge, the attorneys' words in it: route, outcome, relief, rule. Raises VaultError."""
    try:
        if "routes" in kept:
            eligible = Outcome.ELIGIBLE.value
            return [[r[0], r[1], r[0] if r[1] == eligible else None, r[2]] for r in kept["routes"]]
        cells = dict(zip(COLUMNS, kept["cells"], strict=True))
        return [[None, cells["outcome"], cells["relief"] or None, cells["rule"]]]
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise altered() from error


def of_charge(one: Decided, route: str | None, eyes: Eyes) -> str:
    """The fingerprint of a decision that has its brief trace."""
    return _fingerprint(eyes.see(one), walked(one.determination), own_rulings(one.determination), route)


def of_kept(kept: Mapping[str, Any], route: str | None) -> str:
    """The fingerprint of a decision that is kept. Raises VaultError."""
    return _fingerprint(kept.get("seen", ""), kept, kept_rulings(kept), route)


def _fingerprint(seen: str, walk: Mapping[str, Any], rulings: Iterable[Sequence[str | None]], route: str | None) -> str:
    """What a word rests on, as a digest.

    It is the person's whole record as it was to be seen; the rules that were walked, with what each condition came to
    and the facts that it used and lacked; what the policy decided, and what else it could have. Of rules and rulings
    those of the route alone, where one is named.
    """
    ways = walk["routes"] if "routes" in walk else [[None, None, None, None, walk["rules"]]]
    facts = [None if one[0] == _CLOCK else [one[0], one[1]] for one in walk["facts"]]
    rules = [
        [rule, applies, [[answer, *([facts[n] for n in each] for each in about)] for answer, *about in grounds]]
        for way in ways
        if route in (None, way[0])
        for rule, applies, grounds in way[4]
    ]
    decided = [list(one) for one in rulings if route in (None, one[0])]
    open_to = [list(one) for one in walk.get("prospects", ()) if route in (None, one[0])]
    return hashlib.sha256(spelling.spelled([seen, rules, decided, open_to])).hexdigest()


def in_force(store: Store, reform: str, policy: str, sources: Sequence[KeptSource]) -> Words:
    """The words that were said of earlier runs under a policy, by the places of the files that are read now.

    Raises VaultError.
    """
    index = {source.number: place for place, source in enumerate(sources)}
    # A file that is not read again has no charges for its words; they are counted under places of no file.
    every = spoken(store, reform, policy)
    return Words({(index.get(number, -1 - number), row): said for (number, row), said in every.items()})


def of_run(store: Store, run: int) -> Words:
    """The words that a kept run was decided with, each as it held or did not. Raises VaultError."""
    manifest = runs.read_run(store, run)["manifest"]
    names = {one["name"]: place for place, one in enumerate(manifest["inputs"])}
    found: dict[Place, tuple[Said, ...]] = {}
    for kept in _with_words(store, run):
        file, row = kept["cells"][:2]
        found[names[file], int(row)] = tuple([Said.read(one) for one in kept["words"]])
    return Words(found, elsewhere=manifest["words"]["unused"])


def _with_words(store: Store, run: int) -> Iterator[Mapping[str, Any]]:
    return (one for _, every in runs.every_decision(store, run) for one in every if one.get("words"))
