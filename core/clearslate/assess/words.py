"""Attorneys' words put to the charges of a run: those that hold decide, those whose facts changed open the charge."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clearslate.assess.keeping import plain_facts, walked
from clearslate.errors import LedgerError
from clearslate.ingest.kept import KeptSource
from clearslate.model import Count
from clearslate.output.decided import Decided
from clearslate.output.determinations import CHARGE, COLUMNS, charge_cells
from clearslate.policy.determination import Determination, Outcome
from clearslate.policy.policy import Policy
from clearslate.policy.word import Word, reopened, with_word
from clearslate.vault import runs, spelling
from clearslate.vault.beside import SPOKEN
from clearslate.vault.sealing import altered
from clearslate.vault.store import Store

WITHDRAWN = "withdraw"
"""The kind of an entry that takes an earlier word back."""


class Said(NamedTuple):
    """A word as the vault keeps it; ``word`` None takes the earlier ones on that route back.

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
            "route": self.route,
            "facts": self.facts,
            "run": self.run,
            "at": self.at,
            "by": self.by,
        }
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
"""The index of a file among those that are read, and a row of it."""


@dataclass(slots=True, repr=False)
class Words:
    """The words of a run by the place of their charge, and what became of each.

    ``unused`` more were about no charge that was decided, where a kept run says so.
    """

    by_place: Mapping[Place, Sequence[Said]]
    unused: int = 0
    heard: dict[Place, tuple[Said, ...]] = field(default_factory=dict)

    @property
    def is_given(self) -> bool:
        """Whether there is any word."""
        return bool(self.by_place or self.unused)

    def about(self, count: Count) -> tuple[Said, ...]:
        """The words on a charge, in the order in which they were said."""
        if not self.by_place:
            return ()
        places = dict.fromkeys([(count.place.file, count.place.row), *((row.file, row.row) for row in count.rows)])
        found = [said for place in places for said in self.by_place.get(place, ())]
        return tuple(sorted(found, key=lambda said: said.at))

    def put(self, policy: Policy, one: Decided, traced: Determination) -> Determination:
        """The determination with the words on its charge; ``traced`` is the same with its brief trace."""
        count = one.count
        heard = []
        for said in self.about(count):
            assert said.word is not None
            holds = said.holds
            if holds is None:
                holds = said.facts == of_charge(Decided(one.person, count, traced), said.route)
            heard.append(said._replace(holds=holds))
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
        """How many words decided, by kind, how many charges are open again, and how many words were on no charge.

        Raises LedgerError where they do not add up.
        """
        given = sum(map(len, self.by_place.values())) + self.unused
        every = [said for heard in self.heard.values() for said in heard]
        put = Counter(said.word.kind for said in every if said.holds and said.word is not None)
        again = sum(not said.holds for said in every)
        unused = self.unused + sum(len(said) for said in self.by_place.values() if not self._is_heard(said))
        if given != put.total() + again + unused:
            raise LedgerError(f"[{given}] words of attorneys do not add up; nothing was released; report this")
        return {
            "given": given,
            "settled": put["settle"],
            "overruled": put["overrule"],
            "objected": put["object"],
            "reopened": again,
            "unused": unused,
        }

    def _is_heard(self, said: Sequence[Said]) -> bool:
        every = {(one.route, one.at, one.facts) for heard in self.heard.values() for one in heard}
        return all((one.route, one.at, one.facts) in every for one in said)

    def digest(self) -> str:
        """The SHA-256 of every word on a decided charge, with its place, by which the manifest names them."""
        told = [[*place, [said.told() for said in heard]] for place, heard in sorted(self.heard.items())]
        return hashlib.sha256(spelling.spelled(told)).hexdigest()


def own_rulings(got: Determination) -> list[list[str | None]]:
    """What the policy itself decided, on each route where it has some: route, outcome, relief, rule."""
    own = got.own or got
    if own.routes:
        return [[r.relief, r.decision.outcome.value, r.decision.relief, r.rule] for r in own.routes]
    return [[None, own.decision.outcome.value, own.decision.relief, own.rule]]


def kept_rulings(kept: Mapping[str, Any]) -> list[list[str | None]]:
    """The same of a decision as it is kept. Raises VaultError."""
    try:
        if "own" in kept:
            return [list(one) for one in kept["own"]]
        if "routes" in kept:
            eligible = Outcome.ELIGIBLE.value
            return [[r[0], r[1], r[0] if r[1] == eligible else None, r[2]] for r in kept["routes"]]
        cells = dict(zip(COLUMNS, kept["cells"], strict=True))
        return [[None, cells["outcome"], cells["relief"] or None, cells["rule"]]]
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise altered() from error


def kept_charge(kept: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells that say which charge a kept decision is of."""
    first = COLUMNS.index(CHARGE[0])
    return tuple(kept["cells"][first : first + len(CHARGE)])


def of_charge(one: Decided, route: str | None) -> str:
    """The fingerprint of a decision that has its brief trace."""
    told = {"plain": plain_facts(one), **walked(one.determination)}
    return fingerprint(charge_cells(one.count), told, own_rulings(one.determination), route)


def of_kept(kept: Mapping[str, Any], route: str | None) -> str:
    """The fingerprint of a decision that is kept. Raises VaultError."""
    return fingerprint(kept_charge(kept), kept, kept_rulings(kept), route)


def fingerprint(
    charge: Sequence[str], walk: Mapping[str, Any], rulings: Iterable[Sequence[str | None]], route: str | None
) -> str:
    """What a word rests on, as a digest: the charge, the facts that the rules asked for, and what the policy decided.

    Of the facts and rulings those of the route alone, where one is named. Where a fact stands in the files is no part
    of it: another row that says the same changes nothing.
    """
    ways = walk["routes"] if "routes" in walk else [[None, None, None, None, walk["rules"]]]
    asked = {
        number
        for way in ways
        if route in (None, way[0])
        for _, _, grounds in way[4]
        for _, used, lacked in grounds
        for number in (*used, *lacked)
    }
    facts = sorted({(one[0], one[1] is None, one[1] or "") for n, one in enumerate(walk["facts"]) if n in asked})
    decided = [list(one) for one in rulings if route in (None, one[0])]
    return hashlib.sha256(
        spelling.spelled([list(charge), walk.get("plain"), [list(one) for one in facts], decided])
    ).hexdigest()


def in_force(store: Store, reform: str, policy: str, sources: Sequence[KeptSource]) -> Words:
    """The words that were said of earlier runs under a policy, the last one on each route of each charge.

    Raises VaultError.
    """
    index = {source.number: place for place, source in enumerate(sources)}
    said: list[tuple[Place, Said]] = []
    for run in SPOKEN.runs(store):
        told = runs.read_run(store, run)
        manifest = told["manifest"]
        if (manifest["reform"]["id"], manifest["policy"]["id"]) != (reform, policy):
            continue
        files = {
            one["name"]: index.get(number) for one, number in zip(manifest["inputs"], told["sources"], strict=True)
        }
        for person in SPOKEN.persons(store, run):
            for (file, row), every in SPOKEN.read(store, run, person).items():
                at = files.get(file)
                # A file that is not read again has no charges for its words; they are counted under places of no file.
                said += [((-1 - run if at is None else at, row), Said.read(one)) for one in every]
    return Words(_last(said))


def _last(said: Iterable[tuple[Place, Said]]) -> dict[Place, tuple[Said, ...]]:
    """The last word on each route of each charge, but for those that were taken back."""
    last: dict[tuple[Place, str | None], Said] = {}
    for place, one in sorted(said, key=lambda each: each[1].at):
        last.pop((place, one.route), None)
        last[place, one.route] = one
    found: dict[Place, tuple[Said, ...]] = {}
    for (place, _), one in last.items():
        if one.word is not None:
            found[place] = (*found.get(place, ()), one)
    return found


def of_run(store: Store, run: int) -> Words:
    """The words that a kept run was decided with, each as it held or did not. Raises VaultError."""
    manifest = runs.read_run(store, run)["manifest"]
    names = {one["name"]: place for place, one in enumerate(manifest["inputs"])}
    found: dict[Place, tuple[Said, ...]] = {}
    for kept in _with_words(store, run):
        file, row = kept["cells"][:2]
        found[names[file], int(row)] = tuple([Said.read(one) for one in kept["words"]])
    return Words(found, unused=manifest["words"]["unused"])


def _with_words(store: Store, run: int) -> Iterator[Mapping[str, Any]]:
    return (one for _, every in runs.every_decision(store, run) for one in every if one.get("words"))
