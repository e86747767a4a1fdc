"""A broken set of plugins stops the command; nothing legal is skipped quietly."""

import types
from collections.abc import Callable, Iterable
from importlib import metadata

import pytest

from clearslate import registry
from clearslate.errors import PluginError, PolicyError, UsageError
from clearslate.hookspecs import hookimpl
from clearslate.testing.oz import OZ


class Reader:
    """A reader that is never opened."""

    title = "Rolls of Oz"
    columns = condensed = ("NAME",)
    cells: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, id: str = "oz_rolls") -> None:
        self.id = id

    def open(self, files, progress=None):
        raise NotImplementedError


class Writer:
    """A writer that is never opened."""

    id = "oz_letters"
    title = "Letters"

    def open(self, run, folder):
        raise NotImplementedError


def plugin(name: str = "oz", **hooks: Callable[[], object]) -> types.ModuleType:
    """A module with the hooks given, each marked."""
    module = types.ModuleType(name)
    for hook, function in hooks.items():
        function.__name__ = hook
        setattr(module, hook, hookimpl(function))
    return module


def reforms(*given: object) -> Callable[[], list[object]]:
    return lambda: list(given)


OZ_PLUGIN = {"clearslate_reforms": reforms(OZ), "clearslate_readers": reforms(Reader())}


# Entry points as an installation has them -------------------------------------------------------


class Distribution:
    def __init__(self, name: str, version: str = "1.0") -> None:
        self.name = name
        self.version = version


class Entry:
    """An entry point whose module is given, or raises."""

    def __init__(self, name: str, loads: object, dist: Distribution | None, value: str = "") -> None:
        self.name = name
        self.value = value or f"{name}.plugin"
        self.dist = dist
        self._loads = loads

    def load(self) -> object:
        if isinstance(self._loads, BaseException):
            raise self._loads
        return self._loads


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., registry.Registry]:
    def load(*entries: Entry) -> registry.Registry:
        def entry_points(*, group: str) -> Iterable[Entry]:
            assert group == "clearslate"
            return entries

        monkeypatch.setattr(metadata, "entry_points", entry_points)
        return registry.load()

    return load


def refused(load: Callable[..., object], *given: object) -> str:
    with pytest.raises(PluginError) as caught:
        load(*given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def given(*plugins: object) -> registry.Registry:
    return registry.load(plugins)


# What a sound set gives ---------------------------------------------------------------------------


def test_the_objects_of_every_plugin_are_found_by_id_in_order_of_id(installed) -> None:
    later, earlier = Reader("zz_rolls"), Reader("aa_rolls")
    found = installed(
        Entry("zz", plugin(clearslate_readers=reforms(later)), Distribution("clearslate-zz", "2.1")),
        Entry("oz", plugin(**OZ_PLUGIN, clearslate_writers=reforms(Writer())), Distribution("clearslate-oz", "3.0")),
        Entry("aa", plugin(clearslate_readers=reforms(earlier)), Distribution("clearslate-aa")),
    )
    assert list(found.readers) == ["aa_rolls", "oz_rolls", "zz_rolls"]
    assert found.reforms == {"oz_moonshine": OZ}
    assert list(found.writers) == ["oz_letters"]
    assert found.reader("zz_rolls") is later
    assert found.reform("oz_moonshine") is OZ
    assert found.writer("oz_letters").title == "Letters"


def test_whoever_supplied_an_object_is_known_with_its_version(installed) -> None:
    found = installed(Entry("oz", plugin(**OZ_PLUGIN), Distribution("clearslate-oz", "3.0")))
    assert found.supplier("reform", "oz_moonshine") == ("clearslate-oz", "3.0")
    assert str(found.supplier("reader", "oz_rolls")) == "clearslate-oz 3.0"
    with pytest.raises(UsageError):
        found.supplier("reader", "oz_moonshine")


def test_the_mappings_cannot_be_changed() -> None:
    found = given(plugin(**OZ_PLUGIN))
    with pytest.raises(TypeError):
        found.reforms["other"] = OZ  # type: ignore[index]


def test_no_plugin_at_all_gives_an_empty_registry_whose_look_ups_say_so(installed) -> None:
    found = installed()
    with pytest.raises(UsageError, match=r"\(--reform\); no plugin with a reform is installed"):
        found.reform("oz_moonshine")


def test_an_unknown_id_is_refused_with_what_was_meant() -> None:
    found = given(plugin(**OZ_PLUGIN))
    with pytest.raises(UsageError, match=r"no reform \[oz_moonshin\].*did you mean \[oz_moonshine\]"):
        found.reform("oz_moonshin")
    with pytest.raises(UsageError, match=r"no reader \[oz_roll\].*did you mean \[oz_rolls\]"):
        found.reader("oz_roll")


def test_an_object_may_be_a_plugin_as_a_module_is() -> None:
    class Plugin:
        @hookimpl
        def clearslate_reforms(self) -> list[object]:
            return [OZ]

        @staticmethod
        @hookimpl
        def clearslate_readers() -> list[object]:
            return [Reader()]

    found = given(Plugin())
    assert found.supplier("reform", "oz_moonshine").distribution == "Plugin"
    assert list(found.readers) == ["oz_rolls"]


def test_the_same_plugin_found_twice_on_the_path_is_one(installed) -> None:
    module = plugin(**OZ_PLUGIN)
    twice = [Entry("oz", module, Distribution("clearslate-oz")) for _ in range(2)]
    assert list(installed(*twice).reforms) == ["oz_moonshine"]


def test_the_bundled_plugins_load_by_the_very_same_entry_points() -> None:
    found = registry.load()
    assert "ca_prop64" in found.reforms
    assert found.reader_for(found.reform("ca_prop64")).id == "ca_doj"
    assert found.supplier("reform", "ca_prop64").distribution == "clearslate"


# Readers of a reform ----------------------------------------------------------------------------------


def test_a_reform_without_its_reader_is_refused_only_when_used() -> None:
    found = given(plugin(clearslate_reforms=reforms(OZ), clearslate_readers=reforms(Reader("zz_rolls"))))
    with pytest.raises(PluginError, match=r"needs the reader \[oz_rolls\], which no installed plugin supplies"):
        found.reader_for(found.reform("oz_moonshine"))


def test_a_reform_decides_only_records_of_its_own_readers() -> None:
    found = given(plugin(clearslate_reforms=reforms(OZ), clearslate_readers=reforms(Reader("zz_rolls"), Reader())))
    assert found.reader_for(OZ).id == found.reader_for(OZ, "oz_rolls").id == "oz_rolls"
    with pytest.raises(UsageError, match=r"decides no records of format \[zz_rolls\]; it takes oz_rolls"):
        found.reader_for(OZ, "zz_rolls")
    with pytest.raises(UsageError, match="did you mean"):
        found.reader_for(OZ, "oz_roll")


# Broken plugins -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ImportError("/home/someone"), SyntaxError("x"), SystemExit(1), ZeroDivisionError()])
def test_a_plugin_that_does_not_load_is_named_with_its_distribution_and_nothing_else(installed, error) -> None:
    message = refused(installed, Entry("oz", error, Distribution("clearslate-oz", "3.0")))
    assert "plugin [oz] of [clearslate-oz 3.0] does not load" in message
    assert type(error).__name__ in message
    assert "someone" not in message


def test_one_broken_plugin_stops_the_others_too(installed) -> None:
    sound = Entry("oz", plugin(**OZ_PLUGIN), Distribution("clearslate-oz"))
    refused(installed, sound, Entry("zz", ImportError(), Distribution("clearslate-zz")))


def test_a_misspelt_hook_is_refused_with_what_was_meant() -> None:
    message = refused(given, plugin(clearslate_reform=reforms(OZ)))
    assert "no hook [clearslate_reform]; did you mean [clearslate_reforms]?" in message


def test_a_hook_whose_mark_was_forgotten_is_refused() -> None:
    module = plugin(**OZ_PLUGIN)
    module.clearslate_writers = lambda: []
    assert "[clearslate_writers] is not marked" in refused(given, module)


def test_an_imported_package_named_like_a_hook_is_no_hook() -> None:
    module = plugin(**OZ_PLUGIN)
    module.clearslate_oz = types.ModuleType("clearslate_oz")
    assert list(given(module).reforms) == ["oz_moonshine"]


def test_a_plugin_without_any_hook_is_refused() -> None:
    assert "implements no hook" in refused(given, types.ModuleType("empty"))


def test_a_hook_that_takes_arguments_is_refused() -> None:
    module = types.ModuleType("oz")

    @hookimpl
    def clearslate_reforms(folder):
        return [OZ]

    module.clearslate_reforms = clearslate_reforms
    assert "does not fit the hooks" in refused(given, module)


def test_a_hook_that_wraps_the_others_is_refused() -> None:
    module = types.ModuleType("oz")

    @hookimpl(wrapper=True)
    def clearslate_reforms():
        return (yield)

    module.clearslate_reforms = clearslate_reforms
    assert "wraps other plugins' hooks" in refused(given, module)


@pytest.mark.parametrize(
    ("hook", "gives", "says"),
    [
        ("clearslate_reforms", [Reader()], "gives a [Reader], not a Reform"),
        ("clearslate_reforms", [type(OZ)], "not a Reform"),
        ("clearslate_reforms", [None], "gives a [NoneType], not a Reform"),
        ("clearslate_readers", [OZ], "not a RecordReader"),
        ("clearslate_readers", [Reader(id="")], "not a RecordReader"),
        ("clearslate_writers", [Reader()], None),
        ("clearslate_writers", ["letters"], "gives a [str], not a Writer"),
        ("clearslate_reforms", None, "gives no list (TypeError)"),
        ("clearslate_readers", 3, "gives no list (TypeError)"),
    ],
)
def test_what_is_not_of_its_type_is_refused(hook: str, gives: object, says: str | None) -> None:
    module = plugin(**{hook: lambda: gives})
    if says is None:
        # A reader has all that the writer protocol asks; only running it tells them apart.
        assert list(given(module).writers) == ["oz_rolls"]
    else:
        assert says in refused(given, module)


def test_a_hook_that_fails_is_named_without_its_words() -> None:
    def fails():
        raise KeyError("ZYXQUELL,ORLA")

    message = refused(given, plugin(clearslate_reforms=fails))
    assert "hook [clearslate_reforms] fails or gives no list (KeyError)" in message
    assert "ZYXQUELL" not in message


def test_what_a_policy_file_breaks_is_said_in_full() -> None:
    def fails():
        raise PolicyError("policy file [statute.toml]: unknown key [titel]")

    assert "unknown key [titel]" in refused(given, plugin(clearslate_reforms=fails))


# Two of one --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", ["clearslate_reforms", "clearslate_readers", "clearslate_writers"])
def test_one_id_from_two_plugins_is_refused_with_both(installed, hook: str) -> None:
    one = {"clearslate_reforms": OZ, "clearslate_readers": Reader(), "clearslate_writers": Writer()}[hook]
    message = refused(
        installed,
        Entry("oz", plugin(**{hook: reforms(one)}), Distribution("clearslate-oz", "1.0")),
        Entry("oz2", plugin(**{hook: reforms(one)}), Distribution("clearslate-oz-too", "2.0")),
    )
    assert "[clearslate-oz 1.0]" in message
    assert "[clearslate-oz-too 2.0]" in message


def test_one_id_twice_from_one_plugin_is_refused() -> None:
    assert "reader [oz_rolls] is supplied by both" in refused(
        given, plugin(clearslate_readers=reforms(Reader(), Reader()))
    )


def test_one_entry_point_name_from_two_distributions_is_refused_with_both(installed) -> None:
    message = refused(
        installed,
        Entry("oz", plugin(**OZ_PLUGIN), Distribution("clearslate-oz"), value="same.plugin"),
        Entry(
            "oz", plugin(clearslate_writers=reforms(Writer())), Distribution("clearslate-oz-too"), value="same.plugin"
        ),
    )
    assert "plugin name [oz] is taken by both [clearslate-oz 1.0] and [clearslate-oz-too 1.0]" in message


def test_one_module_under_two_names_is_refused(installed) -> None:
    module = plugin(**OZ_PLUGIN)
    message = refused(
        installed, Entry("a", module, Distribution("clearslate-oz")), Entry("b", module, Distribution("clearslate-oz"))
    )
    assert "plugin [b]" in message
