"""A command that changes a vault: an interrupt of it says whether the vault was changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from clearslate_cli import signals
from clearslate_cli.ended import Stopped
from clearslate_cli.reply import complain
from clearslate_cli.vaulted import Way, at_work

if TYPE_CHECKING:
    from clearslate.vault.audit import Event
    from clearslate.vault.vault import Operation, Vault

UNCHANGED = "nothing was changed, run the command again"


@contextlib.contextmanager
def changing(
    way: Way, event: Event, done: str, changed: Callable[[Vault], bool] | None = None
) -> Iterator[tuple[Vault, Operation]]:
    """The vault opened for one operation that changes it; ``done`` is the clause to say once it is changed.

    ``changed`` tells whether it is, where its generation does not. Raises Stopped for an interrupt, saying what holds.
    """
    opened: list[tuple[Vault, int]] = []

    def is_changed() -> bool:
        # A step that was committed raised the generation, whether or not the interrupt came after it.
        return any(
            vault.store.generation > before or (changed is not None and changed(vault)) for vault, before in opened
        )

    try:
        signals.unwind()
        with at_work(way, event) as (vault, operation):
            opened.append((vault, vault.store.generation))
            yield vault, operation
    except BaseException as error:
        if was_interrupt(error):
            raise Stopped(f"{done}, and only the answer was not written" if is_changed() else UNCHANGED) from None
        if is_changed():
            complain(done, "note")
        raise


def was_interrupt(error: BaseException) -> bool:
    """Whether the command was interrupted; a library may answer that with an exception of its own."""
    return isinstance(error, KeyboardInterrupt) or signals.interrupted()
