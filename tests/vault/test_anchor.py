from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.errors import UsageError, VaultError
from clearslate.vault.anchor import Anchor
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile

hexadecimal = st.text("0123456789abcdef", min_size=64, max_size=64)


def work(bench: Any, folder: Path, number: int = 1) -> Anchor:
    """One more run in the vault; give the anchor after it."""
    with bench.open(folder) as vault:
        with vault.operation(Event.RUN), vault.store.step() as step:
            step.put(Kind.RUN, number, b"newer")
        anchor: Anchor = vault.anchor()
        return anchor


def test_a_vault_opens_with_every_anchor_it_ever_gave(bench: Any) -> None:
    folder = bench.copy()
    anchors = [work(bench, folder, number) for number in (1, 2, 3)]
    for anchor in anchors:
        with bench.open(folder, anchor=anchor) as vault:
            assert vault.head.entries == 9


def test_an_older_copy_of_the_whole_vault_is_refused_by_an_anchor_and_opens_without_one(bench: Any) -> None:
    folder = bench.copy()
    older = Path(shutil.copytree(folder, bench.folder / "older"))
    anchor = work(bench, folder)
    with pytest.raises(VaultError, match=r"older than the anchor.*\[3\] entries.*entry \[5\]"):
        bench.open(older, anchor=anchor)
    with bench.open(older) as vault:
        assert vault.check() == len(bench.messages) + 1


def test_a_copy_that_went_another_way_is_refused_however_long_its_log(bench: Any) -> None:
    folder = bench.copy()
    other = Path(shutil.copytree(folder, bench.folder / "other"))
    anchor = work(bench, folder)
    for number in (1, 2, 3):
        work(bench, other, number)
    with pytest.raises(VaultError, match="took another way"):
        bench.open(other, anchor=anchor)


def test_the_anchor_of_another_vault_is_refused(bench: Any) -> None:
    bench.create("other").close()
    with bench.open(bench.folder / "other") as vault:
        anchor = vault.anchor()
    with pytest.raises(VaultError, match="of another vault"):
        bench.open(bench.copy(), anchor=anchor)


def test_an_anchor_with_another_mac_is_refused(bench: Any) -> None:
    folder = bench.copy()
    anchor = work(bench, folder)
    with pytest.raises(VaultError, match="took another way"):
        bench.open(folder, anchor=Anchor(anchor.vault, anchor.entries, "0" * 64))


def test_a_refused_anchor_lets_the_vault_go(bench: Any) -> None:
    folder = bench.copy()
    with pytest.raises(VaultError):
        bench.open(folder, anchor=Anchor("0" * 32, 1, "0" * 64))
    bench.open(folder, patience=0).close()


def test_an_anchor_from_before_a_rotation_holds_after_it(bench: Any) -> None:
    folder, new = bench.copy(), KeyFile.made()
    anchor = work(bench, folder)
    with bench.open(folder) as vault, vault.operation(Event.KEYS_ROTATED):
        vault.rotate(new, "new")
    with bench.open(folder, new, anchor=anchor) as vault:
        later = vault.anchor()
    assert later.entries == anchor.entries + 2
    bench.open(folder, new, anchor=later).close()


@given(st.text("0123456789abcdef", min_size=32, max_size=32), st.integers(1, 10**15), hexadecimal)
def test_an_anchor_is_read_as_it_was_printed(vault: str, entries: int, mac: str) -> None:
    anchor = Anchor(vault, entries, mac)
    assert Anchor.read(str(anchor)) == anchor
    assert Anchor.read("  " + str(anchor).replace(" ", "\n") + "\n") == anchor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "clearslate-anchor-1",
        f"clearslate-anchor-2 {'0' * 32} 1 {'0' * 64}",
        f"clearslate-anchor-1 {'0' * 31} 1 {'0' * 64}",
        f"clearslate-anchor-1 {'0' * 32} 0 {'0' * 64}",
        f"clearslate-anchor-1 {'0' * 32} 01 {'0' * 64}",
        f"clearslate-anchor-1 {'0' * 32} {'9' * 17} {'0' * 64}",
        f"clearslate-anchor-1 {'0' * 32} ١ {'0' * 64}",
        f"clearslate-anchor-1 {'0' * 32} 1 {'0' * 63}",
        f"clearslate-anchor-1 {'0' * 32} 1 {'0' * 64} more",
    ],
)
def test_a_text_that_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="copy the whole line"):
        Anchor.read(text)
