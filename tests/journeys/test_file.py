"""From a run to what is handed to the court, the repository, the agencies, the public defender and the people."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pyrage
import pytest
from pypdf import PdfReader

POSIX = os.name == "posix"
EXAMPLES = Path(__file__).parents[2] / "examples"
ON = ("--on", "2026-11-02")
ODD_CASE = "../../OZ 444"
TABLES = """
[courthouses."OZ SUPERIOR COURT"]
name = "Oz Courthouse"
branch = "Main Division"
address = ["3 Yellow Brick Road", "Emerald City, OZ 00001"]
code = "OZ"

[agencies."OZ POLICE"]
name = "Oz Police Department, Records"
address = ["4 Yellow Brick Road", "Emerald City, OZ 00001"]
email = "records@police.oz.example"
"""
LAYOUT = """
title = "Oz"
file = "update.{suffix}"
format = "{format}"
encoding = "{encoding}"

[[columns]]
name = "CASE"
from = "case_number"
width = 20

[[columns]]
name = "HOUSE"
from = "courthouse_code"
width = 4

[[columns]]
name = "COUNT"
cell = "CNT_ORDER"
width = 12

[[columns]]
name = "RELIEF"
from = "relief"
width = 2
values = {{ dismiss_and_seal = "DS", redesignate_misdemeanor = "RM", redesignate_infraction = "RI" }}
"""
NOBODY = ("ZYXQUELL", "QUANDLE", "VORNWICK", "WIBBERTH", "A111", "OZ111", "OZ333", "444", "1980-01-01")
"""What no message of the command may say."""


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(project: Any) -> Mapping[str, int]:
    """The counts of the last line of the audit log."""
    lines = (project.vault / "audit.log").read_text("ascii").splitlines()
    counts: Mapping[str, int] = json.loads(lines[-1])["counts"]
    return counts


def said_nothing_of_anybody(done: Any) -> None:
    for text in (done.out, done.err):
        assert not [name for name in NOBODY if name in text], text


def made(project: Any, packet: str, output: str, *more: str, run: str = "1", office: str = "../office.toml") -> Any:
    """A packet that can be made: the folder, and its packet.json, which fits what is there."""
    arguments = ("file", run, "--packet", packet, "--office", office, "--output", f"../{output}", *ON, *more)
    done = project.command(*arguments)
    assert done.code == 0, done.err
    said_nothing_of_anybody(done)
    assert all(len(line) <= 80 or "/" in line for line in done.out.splitlines()), done.out
    folder = project.folder / output
    if "--to" not in more:
        assert "the files are plaintext" in done.err
        about = json.loads((folder / "packet.json").read_text("utf-8"))
        names = [file["name"] for file in about["files"]]
        assert sorted([*names, "packet.json"]) == sorted(file.name for file in folder.iterdir())
        for file in about["files"]:
            data = (folder / file["name"]).read_bytes()
            assert (file["sha256"], file["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
            if file["name"].endswith(".pdf"):
                assert file["pages"] == len(PdfReader(io.BytesIO(data)).pages)
        return done, folder, about
    return done, folder, None


def refused(project: Any, error_of: Any, *arguments: str, code: int = 2) -> str:
    """What the command says when it makes nothing."""
    before = sorted(path.name for path in project.folder.iterdir())
    done = project.command("file", *arguments)
    assert done.code == code, done
    said_nothing_of_anybody(done)
    assert sorted(path.name for path in project.folder.iterdir()) == before
    return str(error_of(done))


@pytest.fixture(scope="module")
def key() -> Any:
    """The public defender's key."""
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def filed(made_project: Any, doj: Any, key: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project with one run that grants four charges and leaves one open, and an office file beside it."""
    folder = tmp_path_factory.mktemp("filed")
    one = type(made_project)(type(made_project.office)(folder), folder)
    one.project.mkdir()
    rows = [
        *doj.conviction("111"),
        *doj.conviction("111", cycle=102, OFFENSE_DESCR="11357(A) HS-POSSESS CONC CANNABIS"),
        *doj.conviction("222", PRI_NAME="QUANDLE,ANN", OFFENSE_DESCR="484(A) PC-PETTY THEFT"),
        *doj.conviction("333", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203"),
        *doj.conviction("444", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203", OFN=ODD_CASE, STP_ORI_DESCR="WINKIE COURT"),
        *doj.conviction("666", PRI_NAME="WIBBERTH,JO", OFFENSE_DESCR="11357(D) HS-POSSESS ON SCHOOL GROUNDS"),
    ]
    (folder / "people.dat").write_bytes(doj.text(rows).encode())
    assert one.command("init", "--key-file", str(one.key)).code == 0
    assert one.command("ingest", str(folder / "people.dat"), "--format", "ca_doj").code == 0
    assert one.command("run", "--reform", "ca_prop64", "--as-of", "2020-07-01", "--output", "../run").code == 0
    office = (EXAMPLES / "office.toml").read_text("utf-8")
    office = office.replace('county = "Oz"', 'county = "Los Angeles"')
    office = office.replace("recipients = []", f'recipients = ["{key.to_public()}"]')
    (folder / "office.toml").write_text(office + TABLES, "utf-8")
    return one


@pytest.fixture(scope="module")
def answered(filed: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A copy of the project in which the court has answered: one signed, one sealed, one denied, one not yet."""
    folder = tmp_path_factory.mktemp("answered")
    copy = filed.copied(folder, "office.toml")
    answers = folder / "answers.csv"
    answers.write_text(
        "case_number,answer,order_date,judge\n"
        "OZ111-101,granted,2026-10-05,Hon. G. North\nOZ111-102,sealed,,\nOZ333-101,denied,2026-10-05,\n",
        "utf-8",
    )
    assert copy.command("track", "import", str(answers), "--run", "1").code == 0
    return copy


def test_the_examples_are_written_and_nothing_is_written_over(filed: Any, error_of: Any, tmp_path: Path) -> None:
    office, layout = tmp_path / "office.toml", tmp_path / "mine.toml"
    assert "with a comment on each key" in filed.told("file", "--init-office", str(office))
    assert office.read_bytes() == (EXAMPLES / "office.toml").read_bytes()
    filed.told("file", "--init-layout", str(layout))
    assert layout.read_bytes() == (EXAMPLES / "court_update.toml").read_bytes()
    if POSIX:
        assert stat.S_IMODE(office.stat().st_mode) == 0o600
    office.write_text("mine", "utf-8")
    assert "is there already" in refused(filed, error_of, "--init-office", str(office), code=6)
    assert office.read_text("utf-8") == "mine"


def test_the_packets_of_a_run_are_listed(filed: Any) -> None:
    text = filed.told("file", "1")
    assert [line.split()[0] for line in text.splitlines()[2:] if line[:1] not in (" ", "")][:-1] == [
        "ca_bulk", "ca_single", "ca_form_data", "court_update", "doj_update", "agency_notices", "refer_lists",
        "defender", "letters", "forms",
    ]  # fmt: skip
    assert filed.json("file", "1")[0]["packet"] == "ca_bulk"
    assert filed.events()[-2:] == [("file", "begun"), ("file", "done")]
    assert counted(filed)["listed"] == 10
    assert not [name for name in counted(filed) if name.startswith("packet")]


def test_what_cannot_be_made_is_told_in_a_line_and_nothing_is_written(filed: Any, error_of: Any) -> None:
    usual = ("--office", "../office.toml", "--output", "../none")
    said = refused(filed, error_of, "1", "--packet", "ca_bluk", *usual)
    assert "no packet [ca_bluk]; did you mean [ca_bulk]? known: ca_bulk (One motion" in said
    assert "letters (Letters to the people" in said
    assert filed.events()[-2:] == [("file", "begun"), ("file", "failed")]
    assert "[../office.toml]" not in refused(filed, error_of, "one", "--packet", "ca_bulk", *usual)
    assert "keeps no run [9]; known: 1" in refused(filed, error_of, "9", "--packet", "ca_bulk", *usual)
    said = refused(filed, error_of, "1", "--packet", "ca_bulk", "--output", "../none")
    assert said.startswith(
        "there is no office file [office.toml]; name it with --office FILE.toml, or write an example"
    )
    assert "no output folder" in refused(filed, error_of, "1", "--packet", "ca_bulk", "--office", "../office.toml")
    said = refused(filed, error_of, "1", "--packet", "ca_bulk", "--language", "es", *usual)
    assert said == "packet [ca_bulk] takes no --language; leave it out"


def test_a_typo_in_the_office_file_is_named_before_anything_else(filed: Any, error_of: Any, tmp_path: Path) -> None:
    text = (filed.folder / "office.toml").read_text("utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace("bar_number =", "bar_nunber ="), "utf-8")
    before = len(filed.events())
    said = refused(filed, error_of, "1", "--packet", "ca_bulk", "--office", str(wrong), "--output", "../none")
    assert "office file [wrong.toml]" in said
    assert "attorney.bar_nunber" in said
    assert len(filed.events()) == before


def test_the_bulk_packet_adds_up_is_the_same_twice_and_names_no_file_by_the_record(filed: Any) -> None:
    done, folder, about = made(filed, "ca_bulk", "bulk")
    manifest = json.loads((filed.folder / "run" / "run.json").read_text("utf-8"))
    outcomes = manifest["ledger"]["decided_by_outcome"]
    assert (about["decided"]["granted"], about["taken"]["granted"]) == (outcomes["eligible"], 4)
    assert about["decided"]["open"] == about["taken"]["open"] == outcomes["review"] == 1
    assert sum(about["decided"].values()) == manifest["ledger"]["convictions_decided"] == 5
    assert about["run_sha256"] == hashlib.sha256((filed.folder / "run" / "run.json").read_bytes()).hexdigest()
    assert about["office"] == {
        "name": "office.toml",
        "sha256": hashlib.sha256((filed.folder / "office.toml").read_bytes()).hexdigest(),
    }
    assert (about["policy"], about["made_on"]) == (manifest["policy"], "2026-11-02")
    assert about["not_in_table"] == {"WINKIE COURT": 1}
    assert "[WINKIE COURT] 1" in done.out
    assert "track mark 1 --state filed --packet ca_bulk" in " ".join(done.out.split())
    text = "".join(page.extract_text() for page in PdfReader(folder / "03_exhibit_a.pdf").pages)
    assert "444" in text
    _, again, _ = made(filed, "ca_bulk", "again", "--plain")
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
    if POSIX:
        assert filed.modes(folder) == {("folder", "0o700"), ("file", "0o600")}
    assert filed.events()[-2:] == [("file", "begun"), ("file", "done")]


def test_a_case_number_with_the_way_out_of_a_folder_in_it_stays_in_its_paper(filed: Any) -> None:
    _, folder, about = made(filed, "ca_single", "single")
    assert about["taken"]["granted"] == 4
    assert ODD_CASE in {row["case_number"] for row in read(folder / "index.csv")}
    assert all(path.parent == folder for path in folder.rglob("*"))


@pytest.mark.parametrize(("format", "encoding"), [("csv", "utf-8"), ("fixed_width", "windows-1252"), ("json", "utf-8")])
def test_the_court_s_update_is_written_as_its_system_takes_it(
    filed: Any, tmp_path: Path, format: str, encoding: str
) -> None:
    layout = tmp_path / "layout.toml"
    layout.write_text(LAYOUT.format(suffix=format[:4], format=format, encoding=encoding), "utf-8")
    _, folder, about = made(filed, "court_update", f"update_{format}", "--layout", str(layout))
    assert about["given"]["layout"]["name"] == "layout.toml"
    name = f"update.{format[:4]}"
    assert {file["name"]: file["rows"] for file in about["files"]}[name] == 4
    text = (folder / name).read_bytes().decode(encoding)
    if format == "json":
        rows = [list(record.values()) for record in json.loads(text)]
    elif format == "csv":
        rows = list(csv.reader(io.StringIO(text)))[1:]
    else:
        rows = [[line[:20].strip(), line[20:24].strip(), line[24:36], line[36:]] for line in text.splitlines()]
    assert sorted(rows) == [
        [ODD_CASE, "", "101002001000", "RM"],
        ["OZ111-101", "OZ", "101002001000", "RM"],
        ["OZ111-102", "OZ", "102002001000", "RM"],
        ["OZ333-101", "OZ", "101002001000", "RM"],
    ]
    assert (folder / f"update_test.{format[:4]}").is_file()
    assert (folder / "update_test_expected.csv").is_file()


def test_the_agencies_that_arrested_are_told_each_of_its_own(filed: Any) -> None:
    _, folder, about = made(filed, "agency_notices", "agencies")
    (index,) = read(folder / "agencies.csv")
    assert (index["name"], index["in_table"], index["entries"]) == ("Oz Police Department, Records", "yes", "4")
    assert {row["court"] for row in read(folder / "agency_001.csv")} == {"OZ SUPERIOR COURT", "WINKIE COURT"}
    assert about["notes"] == ["nothing is ordered yet, and the notices say so; after the order send them anew"]
    text = " ".join(PdfReader(folder / "agency_001.pdf").pages[0].extract_text().split())
    assert "No order of a court is known to this office. Without an order nothing about an entry changes." in text
    assert "asked" not in text


def test_the_public_defender_alone_opens_the_package(filed: Any, key: Any) -> None:
    _, folder, _ = made(filed, "defender", "defender")
    (file,) = [path for path in folder.iterdir() if path.name != "packet.json"]
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(file.read_bytes(), [key]))) as opened:
        rows = list(csv.DictReader(io.StringIO(opened.read("determinations.csv").decode("utf-8"))))
    decided = read(filed.folder / "run" / "determinations.csv")
    assert sorted(row["source_row"] for row in rows) == sorted(row["source_row"] for row in decided)
    assert [row["rule"] for row in sorted(rows, key=lambda row: int(row["source_row"]))] == [
        row["rule"] for row in sorted(decided, key=lambda row: int(row["source_row"]))
    ]


def test_a_packet_is_encrypted_to_whom_it_is_for_and_replaced_on_request(filed: Any, error_of: Any) -> None:
    other = pyrage.x25519.Identity.generate()
    made(filed, "ca_form_data", "sealed", "--to", str(other.to_public()))
    folder = filed.folder / "sealed"
    assert {path.suffix for path in folder.iterdir()} == {".age"}
    about = json.loads(pyrage.decrypt((folder / "packet.json.age").read_bytes(), [other]))
    assert (about["encrypted"], about["taken"]["granted"]) == (True, 4)
    assert {name: counted(filed)[name] for name in ("packet ca_form_data", "recipients", "taken")} == {
        "packet ca_form_data": 1, "recipients": 1, "taken": sum(about["taken"].values()),
    }  # fmt: skip
    again = ("1", "--packet", "ca_form_data", "--office", "../office.toml", "--output", "../sealed")
    assert "[sealed] is not empty" in refused(filed, error_of, *again, code=6)
    _, folder, _ = made(filed, "ca_form_data", "sealed", "--overwrite")
    assert (folder / "form_data.json").is_file()


def test_a_form_that_is_not_the_mapping_s_is_refused_by_the_names_of_its_fields(
    filed: Any, error_of: Any, tmp_path: Path
) -> None:
    form = tmp_path / "form.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        field: Any = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="Nane",
            Rect=[100, 100, 300, 120], DA="/Helv 10 Tf 0 g",
        )  # fmt: skip
        widget = pdf.make_indirect(field)
        page.Annots = pdf.make_indirect(pikepdf.Array([widget]))
        fields: Any = pikepdf.Dictionary(Fields=[widget])
        pdf.Root.AcroForm = pdf.make_indirect(fields)
        pdf.save(form)
    mapping = tmp_path / "oz.toml"
    mapping.write_text(
        'form = "OZ-1"\ntitle = "Petition"\nrevised = "2026"\nper = "person"\n\n[text]\n"Name" = "name"\n', "utf-8"
    )
    said = refused(
        filed, error_of, "1", "--packet", "forms", "--form", str(form), "--fields", str(mapping),
        "--office", "../office.toml", "--output", "../none", code=3,
    )  # fmt: skip
    assert "form [form.pdf] and mapping [oz.toml] do not agree: it lacks [Name]" in said
    mapping.write_text(mapping.read_text("utf-8").replace('"Name"', '"Nane"'), "utf-8")
    _, folder, about = made(filed, "forms", "forms", "--form", str(form), "--fields", str(mapping))
    assert [row["person_id"] for row in read(folder / "form_index.csv")] == ["111", "333", "444"]
    assert about["taken"]["granted"] == 4


def test_the_repository_is_told_of_what_was_ordered_and_of_nothing_twice(answered: Any, error_of: Any) -> None:
    done, folder, about = made(answered, "doj_update", "doj")
    (row,) = read(folder / "doj_update.csv")
    assert (row["docket"], row["order_date"], row["judge"]) == ("OZ111-101", "2026-10-05", "Hon. G. North")
    assert (row["report_by"], row["arresting_agency"]) == ("2026-11-04", "OZ POLICE")
    assert (row["CII_NUMBER"], row["CNT_ORDER"]) == ("A111", "101002001000")
    assert about["notes"] == [
        "1 granted, an order of which no day is known: not in this packet",
        "1 granted, denied by the court: not in this packet",
        "1 granted, no order of the court yet: not in this packet",
        "1 row with a blank new section, because no [new_sections] of a layout says which it is",
    ]
    assert sum(about["left_out"].values()) == 3
    listed = folder / "doj_update.csv"
    assert "--state reported --packet doj_update --list" in " ".join(done.out.split())
    mark = ("track", "mark", "1", "--state", "reported", "--packet", "doj_update", "--list", str(listed))
    assert "marked 1 marked so before 0" in " ".join(answered.told(*mark).split())
    again = ("1", "--packet", "doj_update", "--office", "../office.toml", "--output", "../none")
    assert "every order has been reported" in refused(answered, error_of, *again, code=3)


def test_before_a_paper_asks_again_it_says_what_the_court_has_answered(answered: Any) -> None:
    _, _, about = made(answered, "ca_form_data", "again")
    assert [note for note in about["notes"] if "already" in note] == [
        "2 of what is granted was ordered by the court already, and is not left out; clearslate track export names "
        "them",
        "1 of what is granted was denied by the court already, and is not left out; clearslate track export names them",
    ]


def test_the_agencies_are_told_of_orders_alone_once_there_is_one(answered: Any) -> None:
    _, folder, about = made(answered, "agency_notices", "agencies")
    (row,) = read(folder / "agency_001.csv")
    assert (row["case_number"], row["order_date"]) == ("OZ111-101", "2026-10-05")
    text = " ".join(PdfReader(folder / "agency_001.pdf").pages[0].extract_text().split())
    assert "ordered relief on each" in text
    assert "your records must agree with the order" in text
    assert about["left_out"] == {
        "an order of which no day is known": 1,
        "denied by the court": 1,
        "no order of the court yet": 1,
    }


def test_a_newer_run_knows_what_the_court_answered_to_an_older_one(answered: Any, tmp_path: Path) -> None:
    done = answered.command("run", "--reform", "ca_prop64", "--as-of", "2020-08-01", "--output", "../newer")
    assert done.code == 0, done.err
    layout = tmp_path / "layout.toml"
    layout.write_text(LAYOUT.format(suffix="csv", format="csv", encoding="utf-8"), "utf-8")
    _, folder, about = made(answered, "court_update", "update_2", "--layout", str(layout), run="2")
    assert [row["CASE"] for row in read(folder / "update.csv")] == ["OZ111-101"]
    assert about["left_out"]["denied by the court"] == 1


def test_a_letter_goes_to_whom_the_court_has_cleared_in_their_language(answered: Any) -> None:
    addresses = answered.folder / "addresses.csv"
    rows = ["person_id,name,address_1,language", "111,Orla Zyxquell,1 Yellow Brick Road,es", "333,Bo V,2 Road,"]
    addresses.write_text("\n".join(rows) + "\n", "utf-8")
    _, folder, about = made(answered, "letters", "letters", "--addresses", str(addresses))
    text = PdfReader(folder / "letters.pdf").pages[0].extract_text()
    assert "Un tribunal" in text
    assert "2 de noviembre de 2026" in text
    assert about["taken"]["granted"] == 1
    (row,) = read(folder / "letters.csv")
    assert (row["person_id"], row["case_numbers"]) == ("111", "OZ111-101")
    # What the packets hold in the clear stands in them alone.
    for path in (*answered.project.rglob("*"), *(answered.folder / "safe").rglob("*")):
        assert not path.is_file() or not [name for name in NOBODY[:4] if name.encode() in path.read_bytes()], path


@pytest.fixture(scope="module")
def cook(made_project: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project with Cook County's exports, decided under a law with routes."""
    folder = tmp_path_factory.mktemp("cook")
    one = type(made_project)(type(made_project.office)(folder), folder)
    one.project.mkdir()
    assert one.command("init", "--key-file", str(one.key)).code == 0
    for arguments in (
        ("synth", "il_ccsao", "--people", "40", "--seed", "7", "--output", "../charges.csv"),
        ("ingest", "../charges.csv", "../charges_sentencing.csv", "--format", "il_ccsao"),
        ("run", "--reform", "il_cannabis", "--format", "il_ccsao", "--as-of", "2026-06-01", "--output", "../run"),
    ):
        assert one.command(*arguments).code == 0
    office = (EXAMPLES / "office.toml").read_text("utf-8").replace('county = "Oz"', 'county = "Cook"')
    (folder / "office.toml").write_text(office, "utf-8")
    return one


def test_an_update_takes_up_what_its_route_grants(cook: Any, error_of: Any, tmp_path: Path) -> None:
    layout = tmp_path / "layout.toml"
    text = 'title = "Oz"\nfile = "update.csv"\nformat = "csv"\n\n[[columns]]\nname = "COURT"\nfrom = "court_printed"\n'
    layout.write_text(text, "utf-8")
    done, folder, about = made(cook, "court_update", "update", "--layout", str(layout), "--relief", "sa_motion")
    manifest: Mapping[str, Any] = json.loads((cook.folder / "run" / "run.json").read_text("utf-8"))
    routes = manifest["ledger"]["decided_by_route"]
    assert about["taken"]["granted"] == routes["sa_motion"]["eligible"] == len(read(folder / "update.csv")) > 0
    assert about["decided"]["granted"] == manifest["ledger"]["decided_by_outcome"]["eligible"]
    # The exports name courthouses in a column of their own, none of which is in the example's table.
    assert sum(about["not_in_table"].values()) == about["taken"]["granted"]
    assert "" not in about["not_in_table"]
    assert "Courthouses that the office file lacks" in done.out
    # The State's Attorney's export names nobody, and an order has to.
    usual = ("1", "--packet", "il_sa_motion", "--office", "../office.toml", "--output", "../none")
    assert "no line of a schedule can be made" in refused(cook, error_of, *usual, code=3)


def test_a_packet_about_one_relief_asks_which_where_a_charge_may_get_several(cook: Any, error_of: Any) -> None:
    usual = ("1", "--packet", "agency_notices", "--office", "../office.toml", "--output", "../none")
    assert "say which with --relief ID; known: ordinary, " in refused(cook, error_of, *usual)
    assert "[sa_moton] is none; did you mean [sa_motion]?" in refused(cook, error_of, *usual, "--relief", "sa_moton")
    _, folder, about = made(cook, "agency_notices", "agencies", "--relief", "sa_motion")
    rows = [row for path in sorted(folder.glob("agency_*.csv")) for row in read(path)]
    routes = json.loads((cook.folder / "run" / "run.json").read_text("utf-8"))["ledger"]["decided_by_route"]
    assert len(rows) == about["taken"]["granted"] == routes["sa_motion"]["eligible"]
    assert {row["relief"] for row in rows} == {"sa_motion"}
    assert all(row["arresting_agency"] for row in rows)
    assert about["given"] == {"relief": "sa_motion"}


def test_a_run_is_filed_without_the_people_who_were_shredded_since(filed: Any, tmp_path: Path) -> None:
    copy = filed.copied(tmp_path, "office.toml")
    assert copy.command("shred", "--person", "333", "--yes").code == 0
    done, _, about = made(copy, "ca_bulk", "bulk")
    assert (about["decided"]["granted"], about["gone_with_shredded_persons"]) == (3, {"eligible": 1})
    assert "1 decided by the run, gone with persons who were shredded: 1 eligible" in about["notes"]
    assert "gone with persons who were shredded" in " ".join(done.out.split())
    assert about["run_sha256"] == hashlib.sha256((filed.folder / "run" / "run.json").read_bytes()).hexdigest()
    made(copy, "agency_notices", "agencies")
