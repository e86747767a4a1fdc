"""The twenty counter-examples: awkward input on which a public peer program granted, lost or crashed."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

LA = "los_angeles"


@pytest.fixture(scope="module")
def awkward(shared_office: Any, doj: Any) -> Any:
    """Persons with awkward records, decided under Los Angeles' policy (``out``) and the statute (``law``)."""
    c, other = doj.conviction, {"OFFENSE_DESCR": "484(A) PC-PETTY THEFT", "CONV_STAT_DESCR": "MISDEMEANOR"}
    recent = other | {"CYC_DATE": "20150101", "STP_EVENT_DATE": "20150201"}
    long_ago = other | {"CYC_DATE": "19950101", "STP_EVENT_DATE": "19950201"}
    pages = [
        # 1: the day of the disposition
        c("11", STP_EVENT_DATE="", DISP_DATE="") + c("11", cycle=102, **long_ago),
        c("12", CYC_DATE="19981215", STP_EVENT_DATE="19990000") + c("12", cycle=102, **long_ago),
        c("13", STP_EVENT_DATE="1/1/2015", DISP_DATE="") + c("13", cycle=102, **long_ago),
        c("14", CYC_DATE="20090101", STP_EVENT_DATE="20090000") + c("14", cycle=102, **long_ago),
        # 2: the birth date
        c("21", PRI_DOB="") + c("21", cycle=102, PRI_DOB="", **recent),
        c("22", PRI_DOB="19690000") + c("22", cycle=102, PRI_DOB="19690000", **recent),
        c("23", PRI_DOB="19690701") + c("23", cycle=102, PRI_DOB="19690701", **recent),
        c("24", PRI_DOB="19690702") + c("24", cycle=102, PRI_DOB="19690702", **recent),
        # 3: the grade
        c("31", CONV_STAT_DESCR="", OFFENSE_TOC=""),
        c("32", CONV_STAT_DESCR="      ", OFFENSE_TOC="F"),
        # 4: the county
        c("41", STP_ORI_CNTY_NAME="  "),
        # 5: the code section
        c("51", OFFENSE_DESCR="11357 PC-POSSESS MARIJUANA"),
        c("52", OFFENSE_DESCR="211360.5 VC-INVENTED OFFENSE"),
        c("53", OFFENSE_DESCR="182(A)(1)/11360 PC-CONSPIRACY"),
        c("54", OFFENSE_DESCR="664/11357(A) HS-POSSESS MARIJUANA"),
        # 6: a subdivision of another time
        c("61", OFFENSE_DESCR="11359(D) HS-POSSESS MARIJUANA FOR SALE"),
        # 7: grave offenses before it
        c("71", OFFENSE_DESCR="187(A) PC-MURDER", CYC_DATE="19900101", STP_EVENT_DATE="19900601") + c("71", cycle=102),
        # 9: after the law changed
        c("91", CYC_DATE="20170301", STP_EVENT_DATE="20170501"),
        c("92", CYC_DATE="20160801", STP_EVENT_DATE="20170105"),
        # 11: two birth dates; one identifier under two persons
        c("111", PRI_DOB="19500101") + c("111", cycle=102, PRI_DOB="19850101", **recent),
        c("112", CII_NUMBER="A7777777"),
        c("113", CII_NUMBER="A7777777"),
        # 12: felonies that no special rule speaks of
        c("121", OFFENSE_DESCR="11357 HS-POSSESS MARIJUANA"),
        c("122", OFFENSE_DESCR="11358 HS-CULTIVATE MARIJUANA") + c("122", cycle=102, **recent),
        c("123", OFFENSE_DESCR="11360 HS-TRANSPORT MARIJUANA", SENT_LENGTH="", SENT_TIME_CODE=""),
    ]
    shared_office.write("awkward.dat", [row for rows in pages for row in rows])
    for policy, output in ((LA, "out"), ("statute", "law")):
        done = shared_office.run("awkward.dat", policy=policy, output=output, more=["--county", "Los Angeles"])
        assert (done.code, done.err) == (0, "")
    return done


@pytest.fixture
def la(awkward: Any) -> dict[str, dict[str, str]]:
    return awkward.decisions("out")


@pytest.fixture
def law(awkward: Any) -> dict[str, dict[str, str]]:
    return awkward.decisions("law")


def test_01_a_blank_or_unreadable_conviction_date_is_unknown_and_goes_to_review(la: Any, law: Any) -> None:
    for case in ("OZ11-101", "OZ13-101"):
        assert la[case]["outcome"] == law[case]["outcome"] == "review"
        assert "STP_EVENT_DATE" in la[case]["missing_facts"]
        assert f"row {la[case]['source_row']}" in la[case]["missing_facts"]
        assert la[case]["convicted_on"] == ""
    assert "DATE_UNREADABLE" in la["OZ13-101"]["flags"]


def test_01_a_partial_date_decides_only_what_each_of_its_days_decides(la: Any) -> None:
    assert (la["OZ12-101"]["outcome"], la["OZ12-101"]["convicted_on"]) == ("eligible", "1999")
    assert (la["OZ14-101"]["outcome"], la["OZ14-101"]["convicted_on"]) == ("review", "2009")
    assert f"row {la['OZ14-101']['source_row']}" in la["OZ14-101"]["missing_facts"]
    assert "DATE_PARTIAL" in la["OZ14-101"]["flags"]


def test_02_an_unknown_age_never_grants(la: Any) -> None:
    assert la["OZ21-101"]["outcome"] == "review"
    assert "birth date" in la["OZ21-101"]["missing_facts"]
    assert la["OZ22-101"]["outcome"] == "review"
    assert (la["OZ23-101"]["outcome"], la["OZ23-101"]["relief"]) == ("eligible", "dismiss_and_seal")
    assert la["OZ24-101"]["outcome"] == "review"
    assert "birth date" not in la["OZ24-101"]["missing_facts"]


def test_03_an_unknown_grade_goes_to_review(la: Any) -> None:
    assert (la["OZ31-101"]["outcome"], la["OZ31-101"]["grade"]) == ("review", "")
    assert "felony" in la["OZ31-101"]["missing_facts"]
    assert la["OZ32-101"]["grade"] == "felony"


def test_04_a_county_is_matched_without_regard_to_case_and_spacing(awkward: Any, shared_office: Any) -> None:
    done = shared_office.run("awkward.dat", policy=LA, output="county", more=["--county", "  los   angeles "])
    assert done.code == 0
    assert done.files("county") == awkward.files("out")


def test_04_an_unknown_county_is_an_error_that_lists_the_counties_found(shared_office: Any, error_of: Any) -> None:
    done = shared_office.run("awkward.dat", policy="statute", output="none", more=["--county", "LA"])
    assert done.code == 8
    assert "[LA]" in error_of(done)
    assert "LOS ANGELES" in error_of(done)
    assert not (shared_office.folder / "none").exists()


def test_04_a_conviction_in_scope_with_a_blank_county_is_a_review_row(la: Any, law: Any) -> None:
    for decided in (la, law):
        assert (decided["OZ41-101"]["outcome"], decided["OZ41-101"]["county"]) == ("review", "")


def test_05_the_code_section_is_parsed_and_never_matched_by_substring(la: Any, law: Any) -> None:
    for decided in (la, law):
        assert decided["OZ51-101"]["outcome"] == "review"
        assert "WRONG_CODE" in decided["OZ51-101"]["flags"]
        assert "OZ52-101" not in decided
        assert decided["OZ53-101"]["outcome"] == "review"
        assert "CONSPIRACY" in decided["OZ53-101"]["flags"]
        assert "ATTEMPT" in decided["OZ54-101"]["flags"]
    assert law["OZ54-101"]["outcome"] == "review"
    assert la["OZ54-101"]["outcome"] == "eligible"


def test_06_a_subdivision_that_its_date_did_not_have_is_flagged_and_not_granted_by_the_statute(
    la: Any, law: Any
) -> None:
    assert law["OZ61-101"]["outcome"] == "review"
    for decided in (la, law):
        assert "SUBDIVISION_NOT_OF_ITS_DATE" in decided["OZ61-101"]["flags"]


def test_07_a_grave_prior_decides_openly_with_its_citation(la: Any, law: Any) -> None:
    assert la["OZ71-102"]["outcome"] == "ineligible"
    assert "667" in la["OZ71-102"]["citations"]
    assert law["OZ71-102"]["outcome"] == "ineligible"
    assert "11359" in law["OZ71-102"]["citations"]


def test_08_relief_under_penal_code_1203_4_is_a_flag_and_relief_under_the_same_law_ends_the_matter(
    office: Any, doj: Any
) -> None:
    def later(subject: str, text: str) -> list[Any]:
        step = {
            "STP_ORDER": "3",
            "STP_EVENT_DATE": "20180301",
            "CNT_ORDER": "101003001000",
            "DISP_DESCR": text,
            "CONV_STAT_DESCR": "",
            "SENT_LOC_DESCR": "",
            "SENT_LENGTH": "",
            "SENT_TIME_CODE": "",
        }
        rows = doj.conviction(subject)
        return [*rows, rows[1] | step]

    rows = [
        *later("81", "CONV SET ASIDE & DISM PER 1203.4 PC"),
        *later("82", "DISM PER 11361.8 HS"),
        *later("83", "CONVICTION VACATED"),
        *doj.conviction("84"),
    ]
    office.write("relieved.dat", rows)
    done = office.run("relieved.dat")
    assert done.code == 0
    decided = done.decisions()
    assert "DISMISSED_1203_4" in decided["OZ81-101"]["flags"]
    assert {k: decided["OZ81-101"][k] for k in ("outcome", "relief", "rule")} == {
        k: decided["OZ84-101"][k] for k in ("outcome", "relief", "rule")
    }
    assert decided["OZ82-101"]["outcome"] == "ineligible"
    assert decided["OZ83-101"]["outcome"] == "ineligible"


def test_09_an_offense_after_the_law_changed_is_outside_its_window(la: Any, law: Any) -> None:
    for decided in (la, law):
        assert decided["OZ91-101"]["outcome"] == "ineligible"
        assert decided["OZ92-101"]["outcome"] == "review"


def test_10_a_person_in_two_files_is_one_person_and_repeated_rows_are_counted_as_such(office: Any, doj: Any) -> None:
    first, second = doj.conviction("101"), doj.conviction("101", cycle=102, OFFENSE_DESCR="484(A) PC-PETTY THEFT")
    office.write("one.dat", first)
    office.write("two.dat", [*first, *second])
    done = office.run("one.dat", "two.dat")
    assert done.code == 0
    ledger = done.manifest()["ledger"]
    assert (ledger["people"], ledger["rows_read"], ledger["rows_used"], ledger["rows_repeated"]) == (1, 6, 4, 2)
    assert ledger["convictions"] == 2
    assert list(done.decisions()) == ["OZ101-101"]


def test_11_two_birth_dates_are_an_unknown_birth_date(la: Any) -> None:
    assert la["OZ111-101"]["outcome"] == "review"
    assert "birth date" in la["OZ111-101"]["missing_facts"]
    assert "BIRTH_DATE_CONFLICT" in la["OZ111-101"]["flags"]


def test_11_one_identifier_under_two_persons_sends_both_to_review(la: Any, law: Any) -> None:
    for decided in (la, law):
        for case in ("OZ112-101", "OZ113-101"):
            assert (decided[case]["outcome"], decided[case]["rule"]) == ("review", "identity_conflict")


def test_12_every_conviction_in_scope_has_exactly_one_outcome_and_a_rule(la: Any, law: Any) -> None:
    for decided in (la, law):
        assert len(decided) > 20
        for row in decided.values():
            assert row["outcome"] in {"eligible", "ineligible", "review", "refer"}
            assert row["rule"]
            assert row["reason"]
            assert row["citations"]
            assert (row["outcome"] == "eligible") == bool(row["relief"])
            assert (row["outcome"] == "refer") == bool(row["refer_to"])


def test_13_a_short_count_order_rejects_its_row_and_the_run_goes_on(office: Any, doj: Any) -> None:
    rows = [*doj.conviction("131"), *doj.conviction("132"), *doj.conviction("133")]
    rows[3] = rows[3] | {"CNT_ORDER": "10100"}
    office.write("short.dat", rows)
    done = office.run("short.dat")
    assert done.code == 0
    assert "1 row" in done.err
    [rejected] = done.rows("rejected.csv")
    assert (rejected["source_row"], rejected["line"]) == ("4", "5")
    assert "CNT_ORDER" in rejected["problem"] + rejected["detail"]
    assert set(done.decisions()) == {"OZ131-101", "OZ133-101"}
    assert done.manifest()["ledger"]["rows_rejected"] == 1


def test_14_a_policy_file_with_a_typo_is_refused_with_file_key_and_what_was_meant(office: Any, error_of: Any) -> None:
    text = resources.files("clearslate_ca_prop64").joinpath("policies/los_angeles.toml").read_text("utf-8")
    own = office.folder / "own.toml"
    own.write_text(text, encoding="utf-8", newline="\n")
    assert office.command("policies", "check", "own.toml").code == 0
    own.write_text(text.replace("because =", "becuase =", 1), encoding="utf-8", newline="\n")
    done = office.command("policies", "check", "own.toml")
    assert done.code == 4
    line = error_of(done)
    assert "[own.toml]" in line
    assert "becuase]; did you mean [because]?" in line


def test_14_a_section_that_a_parameter_does_not_take_is_refused(office: Any, doj: Any, error_of: Any) -> None:
    office.write("a.dat", doj.conviction("141"))
    done = office.run("a.dat", policy="bear", more=["--county", "Los Angeles", "--set", "dismiss=11357,11361"])
    assert done.code == 2
    assert "[dismiss]" in error_of(done)
    assert "11358" in error_of(done)
    done = office.run("a.dat", policy="bear", more=["--county", "Los Angeles", "--set", "dismis=11357"])
    assert done.code == 2
    assert "did you mean [dismiss]?" in error_of(done)


def test_15_a_byte_order_mark_is_not_data(office: Any, doj: Any) -> None:
    rows = doj.conviction("151")
    office.write("plain.dat", rows, header=False)
    office.write("marked.dat", rows, header=False, encoding="utf-8-sig")
    office.write("headed.dat", rows, header=True, encoding="utf-8-sig")
    found = []
    for name in ("plain", "marked", "headed"):
        done = office.run(f"{name}.dat", output=name)
        assert (done.code, done.err) == (0, "")
        found.append([row | {"source_file": ""} for row in done.rows("determinations.csv", name)])
    assert len(found[0]) == 1
    assert found[0] == found[1] == found[2]


def test_16_latin_1_is_read_and_declared_and_a_nul_is_rejected_with_its_place(office: Any, doj: Any) -> None:
    rows = [*doj.conviction("161", PRI_NAME="ZYXQUELL,ÑORLA"), *doj.conviction("162")]
    text = doj.text(rows).encode("latin-1").replace(b"OZ162-101", b"OZ162\x00101")
    (office.folder / "latin.dat").write_bytes(text)
    done = office.run("latin.dat")
    assert done.code == 0
    manifest = done.manifest()
    assert manifest["inputs"][0]["encoding"].lower().replace("-", "") in {"latin1", "iso88591"}
    assert manifest["ledger"]["rows_rejected"] == 1
    [rejected] = done.rows("rejected.csv")
    assert rejected["line"] == "5"
    assert list(done.decisions()) == ["OZ161-101"]


def test_17_a_name_that_is_a_formula_is_neutralized_for_spreadsheets(office: Any, doj: Any) -> None:
    formula = '=HYPERLINK("http://oz.invalid")'
    office.write("formula.dat", doj.conviction("171", PRI_NAME=formula))
    done = office.run("formula.dat")
    assert done.code == 0
    for name in ("annotated.csv", "annotated_condensed.csv", "annotated_convictions.csv"):
        for row in done.rows(name):
            assert row["PRI_NAME"] != formula
            assert row["PRI_NAME"].lstrip("'\t ") == formula
            assert not row["PRI_NAME"].startswith("=")


def test_18_a_truncated_last_row_is_rejected_with_its_line_and_the_record_is_not_fully_known(
    office: Any, doj: Any
) -> None:
    rows = [*doj.conviction("181"), *doj.conviction("182"), *doj.conviction("182", cycle=102)]
    text = doj.text(rows)
    (office.folder / "whole.dat").write_text(text, encoding="utf-8", newline="")
    cut = text.rstrip("\r\n")
    (office.folder / "cut.dat").write_text(cut[: cut.rindex("COURT ACTION")], encoding="utf-8", newline="")
    whole = office.run("whole.dat", policy=LA, output="whole")
    done = office.run("cut.dat", policy=LA)
    assert (whole.code, done.code) == (0, 0)
    [rejected] = done.rows("rejected.csv")
    assert (rejected["source_row"], rejected["line"]) == ("6", "7")
    assert whole.decisions("whole")["OZ182-101"]["outcome"] == "eligible"
    assert done.decisions()["OZ182-101"]["outcome"] == "review"
    assert done.decisions()["OZ181-101"]["outcome"] == "eligible"


def test_19_a_full_disk_fails_and_leaves_the_older_output_as_it_was(office: Any, doj: Any, error_of: Any) -> None:
    rows = [row for n in range(1, 60) for row in doj.conviction(f"19{n:03d}")]
    office.write("a.dat", rows)
    assert office.run("a.dat").code == 0
    before = office.folder.joinpath("out")
    kept = {file.name: file.read_bytes() for file in before.iterdir()}

    def full_disk() -> None:
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = office.run("a.dat", more=["--overwrite"], preexec_fn=full_disk)
    assert done.code == 6
    assert "out" in error_of(done)
    assert {file.name: file.read_bytes() for file in before.iterdir()} == kept
    assert sorted(file.name for file in office.folder.iterdir()) == ["a.dat", "out"]


def test_20_the_same_run_on_another_day_gives_the_same_bytes(office: Any, doj: Any) -> None:
    office.write("a.dat", [*doj.conviction("201"), *doj.conviction("202", PRI_DOB="19690701")])
    hook = office.folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import time_machine\ntime_machine.travel('2044-02-29T12:00:00+00:00', tick=True).start()\n",
        encoding="utf-8",
        newline="\n",
    )
    today = office.run("a.dat", policy=LA, output="today")
    later = office.run("a.dat", policy=LA, output="later", environment={"PYTHONPATH": str(hook)})
    assert (today.code, later.code) == (0, 0)
    assert today.files("today") == later.files("later")
    assert len(today.files("today")) >= 7
