"""The command ``clearslate``: its commands, and how every one of them ends."""

from __future__ import annotations

import contextlib
import functools
import io
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperCommand, TyperGroup

from clearslate import __version__
from clearslate.errors import ClearslateError, did_you_mean
from clearslate_cli import (
    audit_log,
    backup,
    cases,
    catalog,
    check,
    decisions,
    doctor,
    explain,
    export,
    file,
    ingest,
    init,
    keys,
    look_up,
    new,
    policies,
    policies_diff,
    shred,
    signals,
    synth,
    track,
    verify,
)
from clearslate_cli import run as run_command
from clearslate_cli.ended import Stopped, interrupted
from clearslate_cli.exits import INTERNAL, INTERRUPTED, USAGE, epilog
from clearslate_cli.reply import Reply, complain, deliver

NAME = "clearslate"


class LightGroup(TyperGroup):
    """A group for which typer loads pydantic only where a value is neither missing nor text."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, each made light."""
        return _light(super().get_params(ctx))


class LightCommand(TyperCommand):
    """A command for which typer loads pydantic only where a value is neither missing nor text."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, each made light."""
        return _light(super().get_params(ctx))


app = typer.Typer(
    name=NAME,
    cls=LightGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command("run")(run_command.run)
app.command("ingest")(ingest.ingest)
app.command("explain")(explain.explain)
app.command("export")(export.export)
app.command("file")(file.file)
app.command("runs")(export.runs)
app.command("doctor")(doctor.doctor)
app.command("reforms")(catalog.reforms)
policies.app.command("diff")(policies_diff.diff)
app.add_typer(policies.app, name="policies")
app.add_typer(cases.app, name="cases")
app.command("formats")(catalog.formats)
app.command("synth")(synth.synth)
app.add_typer(new.app, name="new")
app.add_typer(check.app, name="check")
app.command("init")(init.init)
# What is left over may be a name, which no message may repeat: the command refuses it by itself.
app.command("lookup", cls=LightCommand, context_settings={"allow_extra_args": True})(look_up.lookup)
app.command("verify")(verify.verify)
app.add_typer(decisions.app, name="decisions")
app.add_typer(track.app, name="track")
app.add_typer(keys.app, name="keys")
app.command("shred")(shred.shred)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(audit_log.app, name="audit")
app.command("anchor")(audit_log.anchor)


@app.callback(epilog=epilog(), invoke_without_command=True)
def clearslate(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> Reply | None:
    """Clear criminal records under a law: read a state's bulk file, decide every conviction, explain each decision."""
    if version:
        return Reply(f"{NAME} {__version__}")
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=USAGE)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line, the process's own by default, and give its exit code."""
    try:
        return _ended(_answer(arguments))
    except Stopped as stopped:
        return interrupted(str(stopped))
    except KeyboardInterrupt:
        return interrupted()
    except ClearslateError as error:
        complain(str(error))
        return INTERRUPTED if signals.interrupted() else error.exit_code
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    except Exception as error:
        if signals.interrupted():
            # A library may answer an interrupt with an exception of its own.
            return interrupted()
        # The text of an unforeseen exception may hold a person's data: only its type and place are shown.
        complain(
            f"internal error in [{_place(error)}]: [{type(error).__name__}]; "
            f"report this line with version [{__version__}], without any data"
        )
        return INTERNAL


def _light(parameters: list[Any]) -> list[Any]:
    for one in parameters:
        if "process_value" not in vars(one):
            one.process_value = functools.partial(_value, one, one.process_value)
    return parameters


def _value(parameter: Any, read: Callable[[Any, Any], Any], context: Any, value: Any) -> Any:
    """What typer makes of a value, without ``read`` where that is plain: it loads pydantic even for a missing one."""
    if value is None and not parameter.required:
        taken = () if parameter.multiple or parameter.nargs == -1 else None
    elif _is_text(parameter, value):
        taken = value
    else:
        return read(context, value)
    return taken if parameter.callback is None else parameter.callback(context, parameter, taken)


def _is_text(parameter: Any, value: Any) -> bool:
    """Whether the value is text, or a list of it, for a parameter that takes just that."""
    about: Any = getattr(parameter, "type_descriptor", None)
    kind = getattr(about, "annotation", None)
    if kind not in (str, list[str]) or about.parameter_info.parser is not None:
        return False
    words = [value] if kind is str else value
    if not isinstance(words, list | tuple) or (parameter.required and not words):
        return False
    # An argument that is not UTF-8 is left to pydantic, which refuses it.
    return all(isinstance(word, str) and word.isprintable() for word in words)


class _Held(io.StringIO):
    """Keeps what the parser prints by itself, which is help, to be delivered as every reply is."""

    def __init__(self, instead_of: TextIO) -> None:
        super().__init__()
        self._instead_of = instead_of

    def isatty(self) -> bool:
        return self._instead_of.isatty()


def _answer(arguments: Sequence[str] | None) -> Reply:
    command = typer.main.get_command(app)
    held = _Held(sys.stdout)
    try:
        with contextlib.redirect_stdout(held):
            answer = command.main(
                args=None if arguments is None else list(arguments), prog_name=NAME, standalone_mode=False
            )
    except Exception as error:
        message = _usage_message(error)
        if message is None:
            raise
        complain(message)
        return Reply(code=USAGE)
    if isinstance(answer, Reply):
        return answer
    return Reply(held.getvalue(), code=answer if isinstance(answer, int) else 0)


def _ended(answer: Reply) -> int:
    if answer.code == INTERRUPTED:
        return interrupted()
    try:
        return deliver(answer)
    except KeyboardInterrupt:
        if not answer.made:
            raise
        raise Stopped(f"{answer.made}, and only the summary was not written") from None


def _usage_message(error: Exception) -> str | None:
    """What was wrong with the command line, with the nearest known word; None for any other exception."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "Abort" in kinds:
        return "the command asked for input that nobody gave"
    if "UsageError" not in kinds or isinstance(error, ClearslateError):
        return None
    context = getattr(error, "ctx", None)
    where = getattr(context, "command_path", NAME)
    option = getattr(error, "option_name", None)
    if "NoSuchOption" in kinds and isinstance(option, str):
        known = [name for p in getattr(getattr(context, "command", None), "params", ()) for name in p.opts]
        hint = did_you_mean(option, known)
        if hint.startswith("; known"):
            hint = ""
        return f"no option [{option}]{hint or f'; see {where} --help'}"
    message = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    message = re.sub(r"'([^']*)'", r"[\1]", message).replace(". Did you mean", "; did you mean")
    return f"{message[:1].lower()}{message[1:].rstrip('.')}; see {where} --help"


def _place(error: BaseException) -> str:
    """The innermost module of this project, or of a plugin, that the exception passed through."""
    frames = [frame.f_globals.get("__name__", "?") for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [name for name in frames if str(name).startswith(NAME)]
    return str((own or frames or ["?"])[-1])
