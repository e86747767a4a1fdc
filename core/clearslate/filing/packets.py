"""The packets that every reform has: updates, notices, lists, letters, forms, and the public defender's package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from clearslate.errors import InputError, UsageError, did_you_mean
from clearslate.filing.agencies import Lists, agency_lists, referral_lists
from clearslate.filing.defender import check_recipients, defender_package
from clearslate.filing.documents import Typesetter
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.forms import Form, check_form, write_forms
from clearslate.filing.given import Given
from clearslate.filing.letters import check_language, letters
from clearslate.filing.meanings import CourtOrder, EntryKey, Setting, key_of
from clearslate.filing.office import Office
from clearslate.filing.updates import DOJ_CELLS, DOJ_FILE, check_layout, court_update, court_update_test, doj_update
from clearslate.output.staging import Folder
from clearslate.policy.schema import ReformFile

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, repr=False)
class Work:
    """What a packet of the core is made of.

    ``reported`` are the charges that the repository was told of,
    ``denied`` those that the court denied, and ``without`` says why a granted charge has no order of the court.
    """

    packet: Packet
    setting: Setting
    given: Given = field(default_factory=Given)
    reported: frozenset[EntryKey] = frozenset()
    denied: frozenset[EntryKey] = frozenset()
    without: Mapping[EntryKey, str] = field(default_factory=dict)

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
    def allowed(self) -> tuple[Entry, ...]:
        """Those of them that the court has not denied."""
        return tuple(entry for entry in self.granted if key_of(entry) not in self.denied)

    @property
    def ordered(self) -> tuple[Entry, ...]:
        """Those of them on which the court has ordered."""
        return tuple(entry for entry in self.granted if self.setting.order_of(entry) is not None)


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
    """How many entries of each standing a packet took up, and in words what it left out and why."""

    entries: Mapping[str, int]
    notes: tuple[str, ...] = ()


def taken(number: int, standing: Standing = Standing.GRANTED) -> dict[str, int]:
    """Entries of one standing, and none of any other."""
    return {one.value: number if one is standing else 0 for one in Standing}


@dataclass(frozen=True, slots=True)
class CorePacket:
    """A packet that the core writes for every reform.

    ``takes`` and ``needs`` name its options; ``state`` is what a case becomes once the packet is handed over, and
    ``listed`` the table of it that names the cases for ``track mark --list``. ``asks_orders`` and ``asks_houses``: what
    the court ordered, and which of its houses a case is of, matter to it. ``ready`` raises for whatever is known to be
    in the way before the run is decided once more.
    """

    id: str
    title: str
    write: Callable[[Work, Folder], Taken]
    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    state: str | None = None
    listed: str | None = None
    asks_orders: bool = True
    asks_houses: bool = False
    ready: Callable[[Before], None] = _ready


def _counted(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _left(work: Work) -> list[str]:
    """What --relief leaves out."""
    all_granted = sum(entry.standing is Standing.GRANTED for entry in work.packet.entries)
    other = all_granted - len(work.granted)
    return [f"{other:,} granted without the relief [{work.given.relief}]: not in this packet"] if other else []


def _waiting(work: Work) -> list[str]:
    """Why granted entries have no order that can be used."""
    found = Counter(why for entry in work.granted if (why := work.without.get(key_of(entry))) is not None)
    return [f"{number:,} granted, {why}: not in this packet" for why, number in sorted(found.items())]


def _denied(work: Work) -> list[str]:
    """What the court has denied."""
    number = len(work.granted) - len(work.allowed)
    return [f"{number:,} granted, denied by the court: not in this packet"] if number else []


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
    number = court_update(work.allowed, setting, layout, folder)
    tried = court_update_test(_of_relief(work.packet.reform, work.given.relief), layout, folder)
    first = f"let the court load the test file first, {_counted(tried, 'invented record')}"
    return Taken(taken(number), (*_left(work), *_denied(work), first))


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
    number = doj_update(due, replace(work.setting, new_sections=sections), folder, ordered_only=True)
    known = len(work.ordered) - len(due)
    notes = [f"{known:,} reported already: not in this packet"] if known else []
    blank = sum(not order.judge for entry in due if (order := work.setting.order_of(entry)) is not None)
    if blank:
        notes.append(f"{_counted(blank, 'row')} without a judge, because no answer names one")
    return Taken(taken(number), (*_left(work), *notes, *_waiting(work)))


def _strangers(lists: Lists, kind: str) -> list[str]:
    lacking = sorted(lists.not_in_table.items(), key=lambda one: (-one[1], one[0]))
    shown = ", ".join(f"[{name}] {number:,}" for name, number in lacking[:_MOST_NAMED])
    more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
    return [f"{kind} not in the office file, so without an address: {shown}{more}"] if lacking else []


def _agency_notices(work: Work, folder: Folder) -> Taken:
    entries = work.allowed
    if not entries:
        raise InputError("nothing is granted that the court has not denied, so no agency is told of anything")
    lists = agency_lists(entries, work.setting, folder, typesetter=Typesetter(work.packet.made_on))
    without = len(entries) - len(work.ordered)
    notes = [f"{without:,} of them without an order of the court yet, which the notice says"] if without else []
    return Taken(taken(lists.entries), (*_left(work), *_denied(work), *_strangers(lists, "agencies"), *notes))


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
    return Taken(taken(sent.entries), (*_left(work), *notes, *_waiting(work)))


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
    written = write_forms(work.granted, form, mapping, work.setting, folder)
    notes = [f"{written.with_attachment:,} of them with an attachment"] if written.with_attachment else []
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
                asks_houses=True,
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
                asks_houses=True,
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
