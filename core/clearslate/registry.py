"""The plugins of this installation: what each supplies, and a refusal of any set that is broken."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

import pluggy

from clearslate import __version__, hookspecs
from clearslate.errors import ClearslateError, PluginError, UsageError, did_you_mean
from clearslate.ingest.reader import RecordReader
from clearslate.ingest.table.formats import FORMAT, is_table
from clearslate.output.writer import Writer
from clearslate.policy.reform import Reform
from clearslate.policy.schema import ReformFile

if TYPE_CHECKING:
    from clearslate.ingest.table.mapping import TableMapping

Kind = Literal["reform", "reader", "writer"]
T = TypeVar("T")

_PREFIX = f"{hookspecs.PROJECT}_"
_MARK = f"{hookspecs.PROJECT}_impl"
_HOOKS: Mapping[str, tuple[Kind, type[Any]]] = MappingProxyType(
    {
        "clearslate_reforms": ("reform", Reform),
        "clearslate_readers": ("reader", RecordReader),
        "clearslate_writers": ("writer", Writer),
    }
)


class Supplier(NamedTuple):
    """The distribution that supplies an object, and its version."""

    distribution: str
    version: str

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}".rstrip()


class Supplied(NamedTuple, Generic[T]):
    """An object of a plugin, and whose it is."""

    object: T
    supplier: Supplier


class _Plugin(NamedTuple):
    """A loaded plugin: its entry-point name, what it is, and whose."""

    name: str
    object: object
    supplier: Supplier

    def __str__(self) -> str:
        return f"plugin [{self.name}] of [{self.supplier}]"


class Registry:
    """The reforms, readers and writers that the plugins supply, by id, in order of id."""

    def __init__(
        self,
        reforms: Mapping[str, Supplied[Reform]],
        readers: Mapping[str, Supplied[RecordReader]],
        writers: Mapping[str, Supplied[Writer]],
    ) -> None:
        self._supplied: Mapping[Kind, Mapping[str, Supplied[Any]]] = {
            "reform": reforms,
            "reader": readers,
            "writer": writers,
        }
        self.reforms: Mapping[str, Reform] = _objects(reforms)
        self.readers: Mapping[str, RecordReader] = _objects(readers)
        self.writers: Mapping[str, Writer] = _objects(writers)

    def supplier(self, kind: Kind, id: str) -> Supplier:
        """The distribution and version that supply an object; raise UsageError for an unknown id."""
        if kind == "reader" and is_table(id):
            return Supplier(hookspecs.PROJECT, __version__)
        self._get(kind, id, "")
        return self._supplied[kind][id].supplier

    def reform(self, id: str) -> Reform:
        """Give a reform; raise UsageError, with what was probably meant, for an unknown id."""
        reform: Reform = self._get("reform", id, "--reform")
        return reform

    def reader(self, id: str) -> RecordReader:
        """Give a source format's reader; raise UsageError, with what was probably meant, for an unknown id."""
        if is_table(id):
            return self.table(id, None)
        reader: RecordReader = self._get("reader", id, "--format")
        return reader

    def writer(self, id: str) -> Writer:
        """Give a writer; raise UsageError, with what was probably meant, for an unknown id."""
        writer: Writer = self._get("writer", id, "")
        return writer

    def table(self, id: str | None, mapping: TableMapping | None, reform: Reform | None = None) -> RecordReader:
        """Give the reader of tables by a mapping, for a reform or to keep tables; without one, of those in a vault.

        Raises UsageError where the mapping is of another id, or gives facts that no reform takes.
        """
        from clearslate.ingest.table.kept import KeptTable
        from clearslate.ingest.table.reader import TableReader

        id = FORMAT if id is None else id
        others = {name: other.about for name, other in self.reforms.items()}
        if mapping is None:
            return KeptTable(id, reform, others)
        reader = TableReader(mapping)
        if id not in (FORMAT, reader.id):
            raise UsageError(
                f"mapping file [{mapping.file.name}] is that of format [{reader.id}], not [{id}]; name the other file"
            )
        return reader if reform is None else reader.bound(reform, others)

    def reader_for(self, reform: Reform, id: str | None = None, mapping: TableMapping | None = None) -> RecordReader:
        """Give the reader named, or else that of the mapping, or else the reform's first.

        Every reform can be read through a table. Raises UsageError for an unknown reader and one
        whose records the reform cannot decide, PluginError where the reform's reader is not installed.
        """
        about = reform.about
        if is_table(id or "") or (id is None and mapping is not None):
            return self.table(id, mapping, reform)
        if mapping is not None:
            raise UsageError(f"format [{id}] takes no mapping; leave --mapping out, or say --format {FORMAT}")
        if id is not None:
            reader = self.reader(id)
            if id not in about.readers:
                raise UsageError(
                    f"reform [{about.id}] decides no records of format [{id}]; it takes {', '.join(about.readers)}"
                )
            return reader
        wanted = about.readers[0]
        if wanted not in self.readers:
            raise PluginError(
                f"reform [{about.id}] needs the reader [{wanted}], which no installed plugin supplies;"
                " install the plugin that has it"
            )
        return self.readers[wanted]

    def _get(self, kind: Kind, id: str, option: str) -> Any:
        known = self._supplied[kind]
        if id not in known:
            where = f" ({option})" if option else ""
            hint = did_you_mean(id, known) or f"; no plugin with a {kind} is installed"
            raise UsageError(f"no {kind} [{id}]{where}{hint}")
        return known[id].object


def _objects(supplied: Mapping[str, Supplied[T]]) -> Mapping[str, T]:
    return MappingProxyType({id: one.object for id, one in supplied.items()})


def load(plugins: Iterable[object] | None = None) -> Registry:
    """Load every installed plugin, or exactly those given, and refuse a broken set.

    Raises PluginError for a plugin that does not load, implements no hook, misspells one or
    leaves it unmarked, gives something of another type, or takes a name or an id already taken.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    loaded = list(_installed() if plugins is None else map(_given, plugins))
    for plugin in loaded:
        _check_hooks(plugin)
        try:
            manager.register(plugin.object, plugin.name)
            manager.check_pending()
        except (ValueError, pluggy.PluginValidationError) as error:
            raise PluginError(
                f"{plugin} does not fit the hooks of clearslate or is named twice; correct the plugin"
            ) from error
    found: dict[Kind, dict[str, Supplied[Any]]] = {"reform": {}, "reader": {}, "writer": {}}
    by_object = {id(plugin.object): plugin for plugin in loaded}
    for hook, (kind, type_) in _HOOKS.items():
        for implementation in manager.hook.__dict__[hook].get_hookimpls():
            plugin = by_object[id(implementation.plugin)]
            for one in _results(plugin, hook, implementation):
                _add(found[kind], kind, type_, one, plugin)
    return Registry(*(dict(sorted(found[kind].items())) for kind in ("reform", "reader", "writer")))


def _installed() -> Iterator[_Plugin]:
    seen: dict[str, tuple[Supplier, str]] = {}
    entries = sorted(metadata.entry_points(group=hookspecs.PROJECT), key=lambda e: (e.name, e.value))
    for entry in entries:
        supplier = _supplier(entry)
        if entry.name in seen:
            first, value = seen[entry.name]
            if (first.distribution, value) == (supplier.distribution, entry.value):
                # An editable install can be found twice on the path.
                continue
            raise PluginError(
                f"plugin name [{entry.name}] is taken by both [{first}] and [{supplier}]; uninstall one of them"
            )
        seen[entry.name] = (supplier, entry.value)
        try:
            loaded = entry.load()
        except (Exception, SystemExit) as error:
            raise PluginError(
                f"plugin [{entry.name}] of [{supplier}] does not load ({type(error).__name__});"
                f" reinstall or uninstall [{supplier.distribution}]"
            ) from error
        yield _Plugin(entry.name, loaded, supplier)


def _supplier(entry: metadata.EntryPoint) -> Supplier:
    distribution = entry.dist
    if distribution is None:
        return Supplier("unknown", "")
    return Supplier(distribution.name, distribution.version)


def _given(plugin: object) -> _Plugin:
    name = str(getattr(plugin, "__name__", type(plugin).__name__))
    return _Plugin(name, plugin, Supplier(name, ""))


def _check_hooks(plugin: _Plugin) -> None:
    """Refuse what pluggy would pass over: an unknown hook, one without its mark, a wrapper, none at all."""
    hooks = 0
    for name in sorted(dir(plugin.object)):
        # A property is not run only to be looked at.
        routine = inspect.getattr_static(plugin.object, name, None)
        function = routine.__func__ if isinstance(routine, staticmethod | classmethod) else routine
        if not inspect.isroutine(function):
            continue
        marked = getattr(function, _MARK, None)
        if marked is None:
            if name.startswith(_PREFIX):
                raise PluginError(f"{plugin}: function [{name}] is not marked as a hook; put @hookimpl before it")
            continue
        target = marked.get("specname") or name
        if target not in _HOOKS:
            raise PluginError(f"{plugin}: there is no hook [{target}]{did_you_mean(target, _HOOKS)}")
        if marked.get("hookwrapper") or marked.get("wrapper"):
            raise PluginError(f"{plugin}: hook [{target}] wraps other plugins' hooks; each speaks for itself only")
        hooks += 1
    if not hooks:
        raise PluginError(f"{plugin} implements no hook; it needs one of {', '.join(_HOOKS)}")


def _results(plugin: _Plugin, hook: str, implementation: Any) -> list[object]:
    try:
        return list(implementation.function())
    except ClearslateError as error:
        raise PluginError(f"{plugin}: hook [{hook}]: {error}") from error
    except Exception as error:
        raise PluginError(
            f"{plugin}: hook [{hook}] fails or gives no list ({type(error).__name__}); correct the plugin"
        ) from error


def _add(found: dict[str, Supplied[Any]], kind: Kind, type_: type[Any], one: object, plugin: _Plugin) -> None:
    name = _id(kind, type_, one)
    if name is None:
        raise PluginError(f"{plugin}: hook [clearslate_{kind}s] gives a [{type(one).__name__}], not a {type_.__name__}")
    if name in found:
        first = found[name].supplier
        raise PluginError(
            f"{kind} [{name}] is supplied by both [{first}] and [{plugin.supplier}]; uninstall one of them"
        )
    found[name] = Supplied(one, plugin.supplier)


def _id(kind: Kind, type_: type[Any], one: object) -> str | None:
    """The object's id, or None where it is not of its type."""
    if isinstance(one, type) or not isinstance(one, type_):
        return None
    if kind == "reform":
        about = getattr(one, "about", None)
        return about.id if isinstance(about, ReformFile) else None
    name = getattr(one, "id", None)
    return name if isinstance(name, str) and name else None
