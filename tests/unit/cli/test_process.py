from __future__ import annotations

import os
import subprocess
import sys

POSIX = os.name == "posix"


START = """
from clearslate_cli import signals
from clearslate_cli.process import harden
signals.catch()
signals.unwind()
harden()
"""


def child(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, which may be hardened without harm to the tests."""
    return subprocess.run(
        [sys.executable, "-c", f"{START}{script}"],
        env={**os.environ, "PYTHONWARNINGS": "", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_crash_leaves_no_core_and_new_files_are_private() -> None:
    script = "import os, stat, tempfile\n"
    script += "path = os.path.join(tempfile.mkdtemp(), 'x'); open(path, 'w').close()\n"
    script += "print(oct(stat.S_IMODE(os.stat(path).st_mode)))\n"
    if POSIX:
        script += "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))\n"
        assert child(script).stdout.split("\n")[:2] == ["0o600", "(0, 0)"]
    else:
        assert child(script).returncode == 0


def test_a_code_page_that_lacks_a_character_is_no_error() -> None:
    done = child("print('Zy\\xdfqu\\u2026ll \\u2500')", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Zy\xdfqu\u2026ll \u2500\n", "")


def test_nothing_shows_the_text_of_an_exception_that_nobody_caught() -> None:
    script = """
import threading, warnings
def fail(): raise ValueError("ZYXQUELL")
thread = threading.Thread(target=fail); thread.start(); thread.join()
class Bad:
    def __del__(self): raise ValueError("ZYXQUELL")
Bad()
warnings.warn("ZYXQUELL")
raise ValueError("ZYXQUELL")
"""
    done = child(script)
    assert done.returncode == 1
    assert "ZYXQUELL" not in done.stdout + done.stderr


def test_a_request_to_stop_unwinds_as_ctrl_c_does() -> None:
    script = """
import signal
for name in ("SIGTERM", "SIGHUP"):
    if hasattr(signal, name):
        signals.catch()
        signals.unwind()
        try:
            signal.raise_signal(getattr(signal, name))
        except KeyboardInterrupt:
            print("interrupted")
"""
    assert set(child(script).stdout.split()) == {"interrupted"}


def test_a_command_that_was_told_to_outlive_its_terminal_does() -> None:
    script = """
import signal
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
signals.catch()
if hasattr(signal, "SIGHUP"):
    signal.raise_signal(signal.SIGHUP)
print("alive")
"""
    assert child(script).stdout == "alive\n"


def test_only_the_first_interrupt_counts() -> None:
    script = """
import signal
def interrupt():
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        return "stopped"
    return "ignored"
print(interrupt(), interrupt(), interrupt())
signals.catch()
signals.end()
print(interrupt())
"""
    assert child(script).stdout.split() == ["stopped", "ignored", "ignored", "ignored"]


def test_an_interrupt_that_no_code_could_hear_comes_again() -> None:
    script = """
import threading
class Bad:
    def __del__(self): raise KeyboardInterrupt
try:
    Bad()
    threading.Event().wait(30)
    print("missed")
except KeyboardInterrupt:
    print("stopped")
"""
    done = child(script)
    assert (done.stdout, done.stderr) == ("stopped\n", "")


def test_where_there_is_nothing_to_clean_up_an_interrupt_ends_the_process_at_once() -> None:
    script = """
import signal
signals.catch()
try:
    signal.raise_signal(signal.SIGINT)
except BaseException:
    print("a library swallowed it")
"""
    done = child(script)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "clearslate: error: interrupted; nothing was left behind, run the command again\n"


def test_the_garbage_collector_leaves_what_was_imported_alone() -> None:
    script = "import gc; from clearslate_cli.process import lighten; lighten()\n"
    script += "print(gc.get_threshold(), gc.get_freeze_count() > 1000)"
    assert child(script).stdout == "(100000, 20, 20) True\n"
