"""The real command line in a folder of its own, and rows of an invented county to give to it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

AS_OF = "2019-07-01"
"""The day of every run, unless a journey says another."""

PLANTED = ("ZYXQUELL", "A98765432", "19610317")
"""A name, an identifier and a birth date that stand in the source files and nowhere else."""

_NAMES = """
RECORD_ID SUBJECT_STATUS SUBJECT_ID REQ_SEG_SEP REQ_CII_NUMBER REQ_NAME REQ_GENDER REQ_DOB REQ_CDL REQ_SSN
PII_SEG_SEP CII_NUMBER PRI_NAME GENDER PRI_DOB PRI_SSN PRI_CDL PRI_IDN PRI_INN FBI_NUMBER
PDR_SEG_SEP RACE_CODE RACE_DESCR EYE_COLOR_CODE EYE_COLOR_DESCR HAIR_COLOR_CODE HAIR_COLOR_DESCR HEIGHT WEIGHT
SINGLE_SOURCE MULTI_SOURCE POB_CODE POB_NAME POB_TYPE CITIZENSHIP_LIST
CYC_SEG_SEP CYC_ORDER CYC_DATE STP_SEG_SEP STP_ORDER STP_EVENT_DATE STP_TYPE_CODE STP_TYPE_DESCR STP_ORI_TYPE
STP_ORI_TYPE_DESCR STP_ORI_CODE STP_ORI_DESCR STP_ORI_CNTY_CODE STP_ORI_CNTY_NAME
CNT_SEG_SEP CNT_ORDER DISP_DATE OFN OFFENSE_CODE OFFENSE_DESCR OFFENSE_TOC OFFENSE_QUAL_LST DISP_OFFENSE_CODE
DISP_OFFENSE_DESCR DISP_OFFENSE_TOC DISP_OFFENSE_QUAL_LST CONV_OFFENSE_ORDER CONV_OFFENSE_CODE CONV_OFFENSE_DESCR
CONV_OFFENSE_TOC CONV_OFFENSE_QUAL_LST FE_NUM_ORDER FE_NUM_ARR_AGY FE_NUM_BNCH_WARR FE_NUM_CITE FE_NUM_DOCKET
FE_NUM_INCIDENT FE_NUM_BOOKING FE_NUM_NUMBER FE_NUM_REMAND FE_NUM_OOS_INN FE_NUM_CRT_CASE FE_NUM_WARRANT
DISP_ORDER DISP_CODE DISP_DESCR CONV_STAT_CODE CONV_STAT_DESCR
SENT_SEG_SEP SENT_ORDER SENT_LOC_CODE SENT_LOC_DESCR SENT_LENGTH SENT_TIME_CODE SENT_TIME_DESCR
CYC_AGE CII_TYPE CII_TYPE_ALPHA COMMENT_TEXT END_OF_REC
"""
COLUMNS = _NAMES.split()

Row = Mapping[str, str]


class Doj:
    """Rows as the state's bulk file has them; every cell not named is blank."""

    columns = COLUMNS

    @staticmethod
    def person(subject: str, **cells: str) -> dict[str, str]:
        """What every row of one person says."""
        return {
            "RECORD_ID": "1",
            "SUBJECT_ID": subject,
            "CII_NUMBER": f"A{subject}",
            "PRI_NAME": "ZYXQUELL,ORLA",
            "GENDER": "F",
            "PRI_DOB": "19800101",
            "RACE_DESCR": "WHITE",
            "END_OF_REC": "#",
        } | cells

    @classmethod
    def conviction(cls, subject: str, *, cycle: int = 101, count: int = 1, **cells: str) -> list[Row]:
        """An arrest row and a court row of one conviction, with the cells given in both or, with ``ARREST_``, in one.

        The case number is ``OZ`` with the subject and the cycle, so that a test can find the decision.
        """
        common = cls.person(subject) | {
            "CYC_ORDER": str(cycle),
            "CYC_DATE": "20020110",
            "STP_ORI_CNTY_NAME": "LOS ANGELES",
            "OFFENSE_DESCR": "11359 HS-POSSESS MARIJUANA FOR SALE",
            "OFFENSE_TOC": "F",
            "CYC_AGE": "22",
        }
        common |= cells
        arrest = common | {
            "STP_ORDER": "1",
            "STP_EVENT_DATE": common["CYC_DATE"],
            "STP_TYPE_DESCR": "ARREST/DETAINED/CITED",
            "STP_ORI_DESCR": "OZ POLICE",
            "CNT_ORDER": f"{cycle:03d}001{count:03d}000",
        }
        for blank in ("DISP_DESCR", "CONV_STAT_DESCR", "SENT_LOC_DESCR", "SENT_LENGTH", "SENT_TIME_CODE", "OFN"):
            arrest[blank] = ""
        court = {
            "STP_ORDER": "2",
            "STP_EVENT_DATE": "20020210",
            "STP_TYPE_DESCR": "COURT ACTION",
            "STP_ORI_DESCR": "OZ SUPERIOR COURT",
            "CNT_ORDER": f"{cycle:03d}002{count:03d}000",
            "OFN": f"OZ{subject}-{cycle}",
            "DISP_DESCR": "CONVICTED-PROB/JAIL",
            "CONV_STAT_DESCR": "FELONY",
            "SENT_LOC_DESCR": "JAIL",
            "SENT_LENGTH": "180",
            "SENT_TIME_CODE": "D",
        }
        return [arrest, common | court | cells]

    @staticmethod
    def text(rows: Iterable[Row], *, header: bool = True, newline: str = "\r\n") -> str:
        """The rows as a file's text."""
        sink = io.StringIO()
        writer = csv.writer(sink, lineterminator=newline)
        if header:
            writer.writerow(COLUMNS)
        for row in rows:
            unknown = set(row) - set(COLUMNS)
            assert not unknown, unknown
            writer.writerow([row.get(column, "") for column in COLUMNS])
        return sink.getvalue()


class Done(NamedTuple):
    """A command that has ended."""

    code: int
    out: str
    err: str
    folder: Path

    def rows(self, name: str, output: str = "out") -> list[dict[str, str]]:
        """A CSV file of the output folder."""
        with (self.folder / output / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def manifest(self, output: str = "out") -> Any:
        """The run's manifest."""
        return json.loads((self.folder / output / "run.json").read_text(encoding="utf-8"))

    def decisions(self, output: str = "out") -> dict[str, dict[str, str]]:
        """The determinations by case number."""
        rows = self.rows("determinations.csv", output)
        decided = {row["case_number"]: row for row in rows}
        assert len(decided) == len(rows)
        return decided

    def files(self, output: str = "out") -> dict[str, bytes]:
        """Every file of the output folder with its bytes."""
        return {file.name: file.read_bytes() for file in sorted((self.folder / output).iterdir())}


class Office:
    """A folder in which the command runs, away from the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "COVERAGE", "COLUMNS", "LC_", "LANG", "TZ"))
        }

    def write(self, name: str, rows: Iterable[Row], *, header: bool = True, encoding: str = "utf-8") -> Path:
        """A source file of these rows."""
        path = self.folder / name
        path.write_bytes(Doj.text(rows, header=header).encode(encoding))
        return path

    def process(self, *arguments: str, environment: Mapping[str, str] | None = None, **options: Any) -> Any:
        """The command, started."""
        return subprocess.Popen(
            [sys.executable, "-m", "clearslate_cli", *arguments],
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=options.pop("stderr", subprocess.PIPE),
            encoding="utf-8",
            **options,
        )

    def command(self, *arguments: str, environment: Mapping[str, str] | None = None, **options: Any) -> Done:
        """The command, ended."""
        process = self.process(*arguments, environment=environment, **options)
        out, err = process.communicate(timeout=120)
        return Done(process.returncode, out or "", err or "", self.folder)

    def run(
        self,
        *inputs: str,
        policy: str | None = None,
        output: str = "out",
        as_of: str = AS_OF,
        more: Sequence[str] = (),
        **options: Any,
    ) -> Done:
        """``clearslate run`` for Proposition 64."""
        arguments = ["run", "--reform", "ca_prop64", "--as-of", as_of, "--output", output]
        if policy is not None:
            arguments += ["--policy", policy]
        for name in inputs:
            arguments += ["--input", name]
        return self.command(*arguments, *more, **options)


class Project:
    """A project's folder with a vault, and the key elsewhere, in which commands run."""

    facts = ("--name", "Orla Zyxquell", "--born", "1980-01-01")
    """Two facts of the person 111, of whom two convictions were decided."""

    personal = ("ZYXQUELL", "zyxquell", "ORLA", "1980-01-01", "19800101", "A111", "a111")
    """What no message may say of that person."""

    def __init__(self, office: Any, folder: Path) -> None:
        self.office = office
        office.folder = folder / "project"
        self.folder = folder
        self.project = folder / "project"
        self.vault = self.project / "vault"
        self.key = folder / "safe" / "project.key"

    def copied(self, folder: Path, *beside: str) -> Project:
        """A copy to work on, with its key, and with files or folders that stand beside it."""
        for part in ("project", "safe", *beside):
            there = self.folder / part
            (shutil.copytree if there.is_dir() else shutil.copy)(there, folder / part)
        copy = Project(Office(folder), folder)
        settings = copy.project / "clearslate.toml"
        keys = [json.dumps(str(one.key))[1:-1] for one in (self, copy)]
        settings.write_text(settings.read_text("utf-8").replace(*keys), "utf-8")
        assert str(self.folder) not in settings.read_text("utf-8")
        return copy

    def command(self, *arguments: str, **options: Any) -> Any:
        """A command, ended."""
        return self.office.command(*arguments, **self._here(options))

    def process(self, *arguments: str, **options: Any) -> Any:
        """A command, started."""
        return self.office.process(*arguments, **self._here(options))

    def told(self, *arguments: str, **options: Any) -> str:
        """What a command that must succeed prints."""
        done = self.command(*arguments, **options)
        assert (done.code, done.err) == (0, ""), done
        assert "--json" in arguments or _fits(done.out), done.out
        return str(done.out)

    def json(self, *arguments: str) -> Any:
        return json.loads(self.told(*arguments, "--json"))

    def piped(self, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command that is given a text on standard input."""
        return subprocess.run(
            [sys.executable, "-m", "clearslate_cli", *arguments],
            cwd=self.project,
            env=self.environment,
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    @property
    def environment(self) -> dict[str, str]:
        home = str(self.folder / "home")
        return {**self.office.environment, "HOME": home, "XDG_CONFIG_HOME": home, "APPDATA": home}

    def _here(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {**options, "environment": self.environment}

    def words(self, text: str, name: str = "words") -> None:
        """A passphrase in a file of the owner's own, beside the project."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        path.chmod(0o600)

    def events(self) -> list[tuple[str, str]]:
        """What the audit log says was done, without a key."""
        lines = [json.loads(line) for line in (self.vault / "audit.log").read_text("ascii").splitlines()]
        return [(line["event"], line["outcome"]) for line in lines]

    def files(self) -> dict[str, bytes]:
        """Every file of project, safe and home."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    @contextlib.contextmanager
    def on_terminal(self, *arguments: str) -> Iterator[tuple[Any, Callable[[str], str]]]:
        """A command at a terminal, all but its output; ``say`` types a text and gives what is shown next."""
        import pty

        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "clearslate_cli", *arguments],
            cwd=self.project,
            env=self.environment,
            stdin=theirs,
            stderr=theirs,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs)

        def say(text: str) -> str:
            os.write(ours, text.encode())
            return os.read(ours, 4096).decode()

        try:
            yield process, say
        finally:
            process.kill()
            process.wait()
            os.close(ours)

    @staticmethod
    def modes(folder: Path) -> set[tuple[str, str]]:
        """The kinds and modes of a folder and all that is in it."""
        paths = [folder, *folder.rglob("*")]
        return {("folder" if path.is_dir() else "file", oct(stat.S_IMODE(path.stat().st_mode))) for path in paths}


def _fits(text: str) -> bool:
    """Whether every line fits a terminal of 80 columns; paths and anchors stay in one piece."""
    return all(len(line) <= 80 or line.startswith("clearslate-anchor-") or "/" in line for line in text.splitlines())


def one_line(done: Done) -> str:
    """The only line on standard error of a command that failed as it should."""
    lines = done.err.splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith("clearslate: error: ")
    assert "Traceback" not in done.err
    return lines[0].removeprefix("clearslate: error: ")


@pytest.fixture(scope="session")
def doj() -> type[Doj]:
    return Doj


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office for runs that several tests look at."""
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def error_of() -> Any:
    """What a failed command said, which must be one line."""
    return one_line


@pytest.fixture(scope="session")
def planted() -> tuple[str, ...]:
    return PLANTED


@pytest.fixture(scope="session")
def made_project(doj: type[Doj], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a file brought in, and decided twice. It is copied, and never worked on."""
    folder = tmp_path_factory.mktemp("made")
    one = Project(Office(folder), folder)
    one.project.mkdir()
    rows = [
        *doj.conviction("111"),
        *doj.conviction("111", cycle=102, OFFENSE_DESCR="11357 HS-POSSESS MARIJUANA"),
        *doj.conviction("222", PRI_NAME="QUANDLE,ANN", OFFENSE_DESCR="484(A) PC-PETTY THEFT"),
        *doj.conviction("333", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203"),
        *doj.conviction("444", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203"),
    ]
    damaged = [row | {"SUBJECT_ID": "", "CII_NUMBER": ""} for row in doj.conviction("555")]
    (folder / "people.dat").write_bytes(doj.text([*rows, *damaged]).encode())
    assert one.command("init", "--key-file", str(one.key)).code == 0
    assert one.command("ingest", str(folder / "people.dat")).code == 0
    for day in ("2019-07-01", "2020-07-01"):
        assert one.command("run", "--reform", "ca_prop64", "--as-of", day, "--quiet").code == 0
    return one


@pytest.fixture
def project(made_project: Project, tmp_path: Path) -> Project:
    """A copy of the project to work on."""
    return made_project.copied(tmp_path)


@pytest.fixture
def empty_project(tmp_path: Path) -> Project:
    """A folder in which nothing was made yet."""
    (tmp_path / "project").mkdir()
    return Project(Office(tmp_path), tmp_path)
