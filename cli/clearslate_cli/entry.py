"""Where the command begins: signals and streams are set up before anything large is imported."""

from __future__ import annotations

from clearslate_cli import signals


def run() -> int:
    """Run the command line of this process and give its exit code; no exception leaves it."""
    try:
        signals.catch()
        from clearslate_cli import process

        process.harden()
        from clearslate_cli.main import main

        return main()
    except BaseException as error:
        # An import that is interrupted may end in some other exception.
        if isinstance(error, KeyboardInterrupt) or signals.interrupted():
            signals.end()
            from clearslate_cli.ended import interrupted

            return interrupted()
        if not isinstance(error, ImportError):
            raise
        from clearslate_cli.exits import INTERNAL
        from clearslate_cli.reply import complain

        complain(f"the program cannot start, module [{error.name}] cannot be imported; install clearslate again")
        return INTERNAL
    finally:
        signals.end()
