"""The packets that every reform has: updates, notices, lists, letters, forms, and the public defender's package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from clearslate.errors import InputError, UsageError, did_you_mean
from clearslate.filing.agencies import Lists, agency_lists, referral_lists
from clearslate.filing.defender import check_recipients, defender_package
from clearslate.filing.documents import Typesetter
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.formmap import Sheet
from clearslate.filing.forms import Form, check_form, write_forms, write_sheets
from clearslate.filing.given import Given
from clearslate.filing.letters import check_language, letters
from clearslate.filing.meanings import (
    NO_ORDER,
    CourtOrder,
    EntryKey,
    Setting,
    Subject,
    key_of,
    lacks_new_section,
)
from clearslate.filing.office import Office, printable
from clearslate.filing.updates import DOJ_CELLS, DOJ_FILE, check_layout, court_update, court_update_test, doj_update
from clearslate.output.staging import Folder
from clearslate.policy.schema import ReformFile

_MOST_NAMED = 5


FormSheets = Callable[[Sequence[Entry], Setting], Sequence[Sheet]]
"""A reform's own way to sort entries onto the sheets that an official form is filled for."""


@dataclass(frozen=True, slots=True, repr=False)
class Work:
    """What a packet of the core is made of.

    ``reported`` are the charges that the repository was told of, ``denied`` those that the court denied, ``answered``
    those on which it said yes, and ``without`` says why a granted charge has no order of the court. ``sheets`` is the
    reform's way to fill forms; None where it has none of its own.
    """

    packet: Packet
    setting: Setting
    given: Given = field(default_factory=Given)
    reported: frozenset[EntryKey] = frozenset()
    denied: frozenset[EntryKey] = frozenset()
    without: Mapping[EntryKey, str] = field(default_factory=dict)
    answered: frozenset[EntryKey] = frozenset()
    sheets: FormSheets | None = None

    @property
    def granted(self) -> tuple[Entry, ...]:
        """The entries that are granted; with ``--relief`` those that are granted that one."""
        wanted = self.given.relief
        return tuple(
            entry
            for entry in self.packet.entries
            if entry.standing is Standing.GRANTED and (wanted is None or wanted in entry.reliefs)
        )

    @property
    def ordered(self) -> tuple[Entry, ...]:
        """Those of them on which the court has ordered."""
        return tuple(entry for entry in self.granted if self.setting.order_of(entry) is not None)

    @property
    def any_order(self) -> bool:
        """Whether the court has ordered anything at all of what is granted."""
        return bool(self.ordered) or any(key_of(entry) in self.answered for entry in self.granted)

    @property
    def sent(self) -> tuple[Entry, ...]:
        """Those that others are told of: what is ordered, or, before any order, what nothing is in the way of."""
        if self.any_order:
            return self.ordered
        return tuple(entry for entry in self.granted if self.without.get(key_of(entry), NO_ORDER) == NO_ORDER)


class Before(NamedTuple):
    """What is known before a run is decided once more, which may take long: ``orders`` are those of the court."""

    office: Office
    reform: ReformFile
    given: Given
    columns: Sequence[str]
    format: str
    orders: Mapping[EntryKey, CourtOrder]


def _ready(before: Before) -> None:
    """Nothing is in the way."""


class Taken(NamedTuple):
    """How many entries of each standing a packet took up, and in words what it left out and why.

    ``left_out`` counts the granted entries that are left out, by reason.
    """

    entries: Mapping[str, int]
    notes: tuple[str, ...] = ()
    left_out: Mapping[str, int] = MappingProxyType({})


def taken(number: int, standing: Standing = Standing.GRANTED) -> dict[str, int]:
    """Entries of one standing, and none of any other."""
    return {one.value: number if one is standing else 0 for one in Standing}


def _no_houses(work: Work) -> Sequence[Entry]:
    """Nothing goes to a courthouse."""
    return ()


@dataclass(frozen=True, slots=True)
class CorePacket:
    """A packet that the core writes for every reform.

    ``takes`` and ``needs`` name its options; ``state`` is what a case becomes once the packet is handed over, and
    ``listed`` the table of it that names the cases for ``track mark --list``. ``asks_orders``: what the court ordered
    matters to it. ``houses`` gives the entries of which it matters which courthouse they are of. ``ready`` raises for
    whatever is known to be in the way before the run is decided once more.
    """

    id: str
    title: str
    write: Callable[[Work, Folder], Taken]
    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    state: str | None = None
    listed: str | None = None
    asks_orders: bool = True
    houses: Callable[[Work], Sequence[Entry]] = _no_houses
    ready: Callable[[Before], None] = _ready


def _counted(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _left(work: Work) -> list[str]:
    """What --relief leaves out."""
    all_granted = sum(entry.standing is Standing.GRANTED for entry in work.packet.entries)
    other = all_granted - len(work.granted)
    return [f"{other:,} granted without the relief [{work.given.relief}]: not in this packet"] if other else []


def _left_out(work: Work, chosen: Iterable[Entry], known: str = "") -> dict[str, int]:
    """How many granted entries are not among those chosen, by reason; ``known`` is that of what has an order."""
    taken_up = {key_of(entry) for entry in chosen}
    left = [key_of(entry) for entry in work.granted if key_of(entry) not in taken_up]
    found = Counter(known if key in work.setting.orders else work.without.get(key, NO_ORDER) for key in left)
    return dict(sorted(found.items()))


def _said(left_out: Mapping[str, int]) -> list[str]:
    """The same in words."""
    return [f"{number:,} granted, {why}: not in this packet" for why, number in left_out.items()]


def _nothing_sent(left_out: Mapping[str, int]) -> InputError:
    why = "; ".join(f"{number:,} with {reason}" for reason, number in left_out.items())
    return InputError(f"nothing that is granted can be told to others now: {why}; see clearslate track status")


def asked_again(
    granted: Iterable[Entry], denied: frozenset[EntryKey], answered: frozenset[EntryKey]
) -> tuple[str, ...]:
    """In words, how much of what a paper asks for the court has answered already."""
    keys = [key_of(entry) for entry in granted]
    notes = [
        f"{number:,} of what is granted {words} already, and is not left out; clearslate track export names them"
        for words, some in (("was ordered by the court", answered), ("was denied by the court", denied))
        if (number := sum(key in some for key in keys))
    ]
    return tuple(notes)


def _no_section(number: int) -> list[str]:
    """What nobody gave a new section."""
    if not number:
        return []
    rows = _counted(number, "row")
    return [f"{rows} with a blank new section, because no [new_sections] of a layout says which it is"]


def _of_relief(reform: ReformFile, wanted: str | None) -> ReformFile:
    """The reform as far as the relief goes that --relief names."""
    if wanted is None:
        return reform
    return reform.model_copy(update={"reliefs": [one for one in reform.reliefs if one.id == wanted]})


def _court_ready(before: Before) -> None:
    assert before.given.layout is not None
    check_layout(_of_relief(before.reform, before.given.relief), before.given.layout, before.columns)


def _court_update(work: Work, folder: Folder) -> Taken:
    layout = work.given.layout
    assert layout is not None
    setting = replace(work.setting, new_sections=layout.file.new_sections)
    chosen = work.sent
    left_out = _left_out(work, chosen)
    if left_out and not chosen:
        raise _nothing_sent(left_out)
    number = court_update(chosen, setting, layout, folder)
    tried = court_update_test(_of_relief(work.packet.reform, work.given.relief), layout, folder)
    notes = [*_left(work), *_said(left_out)]
    if chosen and not work.any_order:
        notes.append("nothing is ordered yet: send the update with the motion, and let the court enter nothing of it")
    if any(column.source == "new_section" for column in layout.file.columns):
        notes += _no_section(sum(lacks_new_section(Subject(entry, 0, setting)) for entry in chosen))
    notes.append(f"let the court load the test file first, {_counted(tried, 'invented record')}")
    return Taken(taken(number), tuple(notes), left_out)


def _doj_ready(before: Before) -> None:
    lacking = [column for column in DOJ_CELLS if column not in before.columns]
    if lacking:
        raise UsageError(
            f"packet [doj_update] keeps the columns of the California DOJ's file, and format [{before.format}] does "
            f"not have [{lacking[0]}]; send the repository another packet: see docs/filing.md"
        )
    if not before.orders:
        raise InputError("there is no order to report; take in what the court answered: clearslate track import")


def _doj_update(work: Work, folder: Folder) -> Taken:
    due = [entry for entry in work.ordered if key_of(entry) not in work.reported]
    if not due:
        raise InputError("every order has been reported; packet [doj_update] takes up what has not")
    sections = {} if work.given.layout is None else work.given.layout.file.new_sections
    setting = replace(work.setting, new_sections=sections)
    number = doj_update(due, setting, folder, ordered_only=True)
    left_out = _left_out(work, due, "reported already")
    notes = [*_left(work), *_said(left_out)]
    blank = sum(not order.judge for entry in due if (order := work.setting.order_of(entry)) is not None)
    if blank:
        notes.append(f"{_counted(blank, 'row')} without a judge, because no answer names one")
    notes += _no_section(sum(lacks_new_section(Subject(entry, 0, setting)) for entry in due))
    return Taken(taken(number), tuple(notes), left_out)


def _strangers(lists: Lists, kind: str) -> list[str]:
    lacking = sorted(lists.not_in_table.items(), key=lambda one: (-one[1], one[0]))
    shown = ", ".join(f"[{printable(name)}] {number:,}" for name, number in lacking[:_MOST_NAMED])
    more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
    return [f"{kind} not in the office file, so without an address: {shown}{more}"] if lacking else []


def _agency_notices(work: Work, folder: Folder) -> Taken:
    chosen = work.sent
    left_out = _left_out(work, chosen)
    if not chosen:
        raise (
            _nothing_sent(left_out) if left_out else InputError("nothing is granted, so no agency is told of anything")
        )
    lists = agency_lists(chosen, work.setting, folder, typesetter=Typesetter(work.packet.made_on))
    notes = [*_left(work), *_said(left_out), *_strangers(lists, "agencies")]
    if not work.any_order:
        notes.append("nothing is ordered yet, and the notices say so; after the order send them anew")
    return Taken(taken(lists.entries), tuple(notes), left_out)


def _refer_lists(work: Work, folder: Folder) -> Taken:
    lists = referral_lists(work.packet.entries, work.setting, folder)
    if not lists.entries:
        raise InputError("the run refers nothing to another office, so there is no list to write; check the policy")
    return Taken(taken(lists.entries, Standing.REFERRED), tuple(_strangers(lists, "offices")))


def _defender_ready(before: Before) -> None:
    check_recipients(before.office)


def _defender(work: Work, folder: Folder) -> Taken:
    defender_package(work.packet, work.setting, folder)
    counted = {one.value: sum(entry.standing is one for entry in work.packet.entries) for one in Standing}
    return Taken(counted, ("nobody in this office can open the package; it is another file each time",))


def _letters_ready(before: Before) -> None:
    if not before.orders:
        raise InputError(
            "no letter is due, because the court has ordered nothing yet; take in its answers: clearslate track import"
        )
    check_language(before.given.language, before.given.texts(), "--language")


def _letters(work: Work, folder: Folder) -> Taken:
    assert work.given.addresses is not None
    sent = letters(
        work.granted,
        work.setting,
        work.given.addresses,
        folder,
        files=work.given.texts(),
        language=work.given.language,
    )
    notes = [f"{_counted(sent.letters, 'letter')} about {_counted(sent.entries, 'entry', 'entries')}"]
    if sent.not_sent:
        notes.append(f"no letter to {_counted(sent.not_sent, 'person', 'people')}; letters_not_sent.csv says why")
    if sent.unused:
        notes.append(f"{_counted(sent.unused, 'address', 'addresses')} of people who get none")
    left_out = _left_out(work, work.ordered)
    return Taken(taken(sent.entries), (*_left(work), *notes, *_said(left_out)), left_out)


def _forms_ready(before: Before) -> None:
    blank, mapping = before.given.form, before.given.fields
    assert blank is not None
    assert mapping is not None
    check_form(blank, mapping)


def _forms(work: Work, folder: Folder) -> Taken:
    blank, mapping = work.given.form, work.given.fields
    assert blank is not None
    assert mapping is not None
    form = Form(blank, mapping, Typesetter(work.packet.made_on))
    if not work.granted:
        raise InputError("the run grants nothing, so there is no form to fill; check the policy")
    if work.sheets is None:
        written = write_forms(work.granted, form, mapping, work.setting, folder)
    else:
        written = write_sheets(work.sheets(work.granted, work.setting), form, "form", folder)
    notes = [f"{written.with_attachment:,} of them with an attachment"] if written.with_attachment else []
    if other := len(work.granted) - written.entries:
        notes.append(f"{other:,} granted without a row of their own, as the law's own papers sort them")
    notes += asked_again(work.granted, work.denied, work.answered)
    return Taken(taken(written.entries), (*_left(work), _counted(written.forms, "form"), *notes))


CORE_PACKETS: Mapping[str, CorePacket] = MappingProxyType(
    {
        one.id: one
        for one in (
            CorePacket(
                "court_update",
                "What was granted, as the court's case system takes it, with a test file to load first",
                _court_update,
                takes=("relief", "layout"),
                needs=("layout",),
                houses=lambda work: work.sent,
                ready=_court_ready,
            ),
            CorePacket(
                "doj_update",
                "What the court ordered, for the state's repository (PC 13151)",
                _doj_update,
                takes=("relief", "layout"),
                state="reported",
                listed=DOJ_FILE,
                ready=_doj_ready,
            ),
            CorePacket(
                "agency_notices",
                "A list and a notice for each agency that arrested",
                _agency_notices,
                takes=("relief",),
            ),
            CorePacket(
                "refer_lists",
                "What another office decides, a list for each office",
                _refer_lists,
                asks_orders=False,
            ),
            CorePacket(
                "defender",
                "The public defender's package, encrypted to their keys",
                _defender,
                asks_orders=False,
                ready=_defender_ready,
            ),
            CorePacket(
                "letters",
                "Letters to the people on whom the court has ordered",
                _letters,
                takes=("relief", "addresses", "language", "text"),
                needs=("addresses",),
                ready=_letters_ready,
            ),
            CorePacket(
                "forms",
                "An official form that you supply, filled for each person or case",
                _forms,
                takes=("relief", "form", "fields"),
                needs=("form", "fields"),
                state="filed",
                houses=lambda work: work.granted,
                ready=_forms_ready,
            ),
        )
    }
)
"""The packets by id."""


def check_relief(
    packet: str, takes: Sequence[str], relief: str | None, reliefs: Sequence[str], *, routes: bool
) -> None:
    """Raise UsageError for a relief that there is not, or where one must be named because a charge may get several."""
    if relief is not None and relief not in reliefs:
        raise UsageError(f"--relief [{relief}] is none{did_you_mean(relief, reliefs)}")
    if relief is None and routes and "relief" in takes:
        raise UsageError(
            f"packet [{packet}] is about one relief, and a charge may get several; say which with --relief ID; known: "
            f"{', '.join(reliefs)}"
        )
