from __future__ import annotations

from clearslate import errors
from clearslate.errors import ClearslateError
from clearslate_cli.exits import epilog, exit_codes


def all_errors() -> list[type[ClearslateError]]:
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ClearslateError)]


def test_every_error_class_has_an_exit_code_of_its_own() -> None:
    codes = [kind.exit_code for kind in all_errors()]
    assert len(set(codes)) == len(codes)
    assert not {0, 1, 130, 141} & set(codes)


def test_every_exit_code_is_listed_with_its_meaning() -> None:
    listed = exit_codes()
    assert {kind.exit_code for kind in all_errors()} | {0, 1, 130, 141} == set(listed)
    assert all(words.endswith(".") for words in listed.values())


def test_the_list_of_exit_codes_fits_eighty_columns() -> None:
    assert all(len(line) <= 78 for line in epilog().splitlines())


def test_an_error_of_a_plugin_adds_no_exit_code() -> None:
    before = exit_codes()

    class StrangeError(ClearslateError):
        """Not part of the interface."""

        exit_code = 99

    assert exit_codes() == before
    assert StrangeError.exit_code not in before
