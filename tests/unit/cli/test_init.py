from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from clearslate.errors import OutputError, UsageError
from clearslate.vault.vault import Vault
from clearslate_cli import init, signals
from clearslate_cli.main import main
from clearslate_cli.new_key import Wanted


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(signals, "unwind", lambda: None)
    monkeypatch.setattr(init.typer, "get_app_dir", lambda name: str(tmp_path / "home" / name))
    (tmp_path / "oz").mkdir()
    monkeypatch.chdir(tmp_path / "oz")
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("key", ['C:\\Users\\Ozma "O" Z\\k.key', "/srv/b\u00fcro/\x7f\t.key"])
def test_any_path_of_a_key_file_is_read_back_from_the_settings(here: Path, key: str) -> None:
    text = init.settings_text(here / "oz", Wanted(Path(key)))
    assert tomllib.loads(text.decode())["vault"] == {"folder": "vault", "key_file": key}


def test_a_path_that_is_no_text_is_refused(here: Path) -> None:
    with pytest.raises(UsageError, match="no text"):
        init.settings_text(here / "oz", Wanted(Path("/srv/\udcff.key")))


@pytest.mark.parametrize(
    ("wanted", "opens"),
    [
        (Wanted(passphrase=True), {"passphrase": True}),
        (Wanted(passphrase_file="x"), {"passphrase": True}),
        (Wanted(keyring=True), {"keyring": True}),
    ],
)
def test_the_settings_say_what_opens_the_vault(here: Path, wanted: Wanted, opens: dict[str, bool]) -> None:
    assert tomllib.loads(init.settings_text(here / "oz", wanted).decode())["vault"] == {"folder": "vault", **opens}


@pytest.mark.parametrize("before", ["", "# x", "\ufeff[run]\nreform = 'oz'\n", "[run.set]\r\nage = 3\r\n"])
def test_settings_that_were_there_say_the_same_as_before(here: Path, before: str) -> None:
    (here / "oz" / "clearslate.toml").write_bytes(before.encode())
    text = init.settings_text(here / "oz", Wanted(keyring=True))
    assert text.startswith(before.encode())
    told = tomllib.loads(text.decode("utf-8-sig"))
    assert told.pop("vault") == {"folder": "vault", "keyring": True}
    assert told == tomllib.loads(before.lstrip("\ufeff"))


def test_the_key_file_has_the_name_of_the_project(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "Oz & Kansas"]) == 0
    assert "cd Oz & Kansas" in capsys.readouterr().out
    (key,) = (here / "home" / "clearslate" / "keys").iterdir()
    assert key.name.startswith("Oz---Kansas-")


@pytest.mark.parametrize("there", [[], ["vault"], ["clearslate.toml"]])
@pytest.mark.parametrize("error", [OutputError("full"), KeyboardInterrupt()])
def test_a_project_that_fails_at_its_last_file_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, there: list[str]
) -> None:
    for name in there:
        (here / "oz" / name).touch() if "." in name else (here / "oz" / name).mkdir()
    before = files(here)

    def fail(*_: object) -> None:
        assert (here / "oz" / "vault" / "records.db").is_file()
        raise error

    monkeypatch.setattr(init, "_write", fail)
    assert main(["init"]) == (130 if isinstance(error, KeyboardInterrupt) else 6)
    assert files(here) == before


def test_a_project_that_fails_at_its_vault_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        assert list(here.rglob("*.key"))
        raise KeyboardInterrupt

    monkeypatch.setattr(Vault, "create", fail)
    assert main(["init", "new"]) == 130
    assert "nothing was made" in capsys.readouterr().err
    assert files(here) == ["oz"]


def test_settings_that_cannot_be_written_are_an_output_error(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("clearslate.vault.files.write_new", refuse)
    with pytest.raises(OutputError, match="no space left"):
        init._write(here / "clearslate.toml", b"x")
