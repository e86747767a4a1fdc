from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from clearslate.errors import KeyRefusedError
from clearslate.vault.secrets import Keyring, wrong_key


class InMemory(KeyringBackend):
    """A key store that forgets."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class Forgetful(InMemory):
    """A key store that takes a secret and does not keep it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@pytest.fixture
def key_store() -> Iterator[Callable[[KeyringBackend], None]]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def refused(bench: Any) -> bool:
    with pytest.raises(KeyRefusedError) as caught:
        bench.open(bench.folder / "kept", Keyring())
    return str(caught.value) == str(wrong_key())


def test_the_systems_key_store_opens_a_vault(bench: Any, key_store: Callable[[KeyringBackend], None]) -> None:
    store = InMemory()
    key_store(store)
    with bench.create("kept", Keyring()) as vault:
        id = vault.id
    assert list(store.kept) == [("clearslate", f"{id}/1")]
    with bench.open(bench.folder / "kept", Keyring()) as vault:
        assert vault.slot == 1
    Keyring().forget(id, 1)
    Keyring().forget(id, 1)
    assert store.kept == {}
    assert refused(bench)


@pytest.mark.parametrize("secret", ["", "00" * 32, "zz" * 32, "00"])
def test_a_changed_secret_in_the_key_store_is_a_wrong_key(
    bench: Any, key_store: Callable[[KeyringBackend], None], secret: str
) -> None:
    store = InMemory()
    key_store(store)
    bench.create("kept", Keyring()).close()
    store.kept = dict.fromkeys(store.kept, secret)
    assert refused(bench)


@pytest.mark.parametrize("backend", [NoKeyring, Forgetful])
def test_a_system_without_a_key_store_says_so_and_nothing_is_made(
    bench: Any, key_store: Callable[[KeyringBackend], None], backend: type[KeyringBackend]
) -> None:
    key_store(backend())
    with pytest.raises(KeyRefusedError, match="key store of this system"):
        bench.create("kept", Keyring())
    assert list(bench.folder.iterdir()) == []


def test_a_key_store_that_is_gone_says_so(bench: Any, key_store: Callable[[KeyringBackend], None]) -> None:
    key_store(InMemory())
    bench.create("kept", Keyring()).close()
    key_store(NoKeyring())
    with pytest.raises(KeyRefusedError, match="key store of this system"):
        bench.open(bench.folder / "kept", Keyring())
