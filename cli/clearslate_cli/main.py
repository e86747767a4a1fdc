"""The command ``clearslate``: its commands, and how every one of them ends."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, TextIO

import typer

from clearslate import __version__
from clearslate.errors import ClearslateError, did_you_mean
from clearslate_cli import catalog, doctor, explain, policies, signals, synth
from clearslate_cli import run as run_command
from clearslate_cli.ended import Stopped, interrupted
from clearslate_cli.exits import INTERNAL, INTERRUPTED, USAGE, epilog
from clearslate_cli.reply import Reply, complain, deliver

NAME = "clearslate"

app = typer.Typer(
    name=NAME,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command("run")(run_command.run)
app.command("explain")(explain.explain)
app.command("doctor")(doctor.doctor)
app.command("reforms")(catalog.reforms)
app.add_typer(policies.app, name="policies")
app.command("formats")(catalog.formats)
app.command("synth")(synth.synth)


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
