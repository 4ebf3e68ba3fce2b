"""The register from the command line: one JSON object for an import, one JSON line for each address."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import Account
from registry.cli.accounts import accounts
from tests.world import World

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(app: Flask, *arguments: str) -> Result:
    group = click.Group("flask", {"accounts": accounts})
    with app.app_context():
        return CliRunner().invoke(group, ["accounts", *arguments])


def identified(text: str | bytes) -> list[dict[str, str]]:
    result = CliRunner().invoke(accounts, ["identify"], input=text)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def entered(world: World) -> int:
    with world.house.reading() as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0


def test_addresses_are_recognised_without_a_database_one_line_each() -> None:
    assert identified("https://twitter.com/ExampleWaste?s=20\nfacebook:examplewaste\n@alone\n") == [
        {
            "input": "https://twitter.com/ExampleWaste?s=20",
            "platform": "x",
            "handle": "@ExampleWaste",
            "url": "https://x.com/ExampleWaste",
        },
        {
            "input": "facebook:examplewaste",
            "platform": "facebook",
            "handle": "examplewaste",
            "url": "https://www.facebook.com/examplewaste",
        },
        {"input": "@alone", "error": "Say which platform “@alone” is on, or paste the whole address."},
    ]


def test_no_line_however_strange_costs_the_answers_to_the_others() -> None:
    strange = [
        b"",
        b"\xff\xfe",
        b"\x00",
        b"http://[::1",
        b"x:" + b"a" * 100_000,
        "\u202ex:@a".encode(),
        b"://",
        b"x:@Last",
    ]
    answers = identified(b"\r\n".join(strange))
    assert len(answers) == len(strange)
    assert all("error" in answer for answer in answers[:-1])
    assert answers[-1]["handle"] == "@Last"


def test_a_fault_of_ours_is_told_as_an_error_of_that_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.cli.accounts.recognise", lambda text: 1 / len(text))
    assert identified("\n")[0]["error"] == "We could not read that."


def test_a_dry_run_says_what_would_be_entered_and_enters_nothing(app: Flask, world: World) -> None:
    path = str(EXAMPLES / "register-districts.csv")
    result = run(app, "import", path, "--council", "exampleton", "--dry-run", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (answer["rows"], answer["errors"], answer["imported"], entered(world)) == (11, [], 0, 0)
    assert "Waste" in answer["new_service_areas"]
    assert "without a fault" in run(app, "import", path, "--council", "exampleton", "--dry-run").stdout


def test_a_clean_file_is_taken_over_and_a_second_time_refused(app: Flask, world: World) -> None:
    path = str(EXAMPLES / "register-districts.xlsx")
    result = run(app, "import", path, "--council", "exampleton", "--json")
    assert (result.exit_code, json.loads(result.stdout)["imported"], entered(world)) == (0, 11, 11)
    again = run(app, "import", path, "--council", "exampleton")
    assert again.exit_code == 1
    assert "row 2, Link: That is in the register already" in again.stdout
    assert "11 to mend in 11 rows; nothing was imported." in again.stdout


def test_a_faulty_file_is_refused_with_each_fault_at_its_cell(app: Flask, world: World) -> None:
    result = run(app, "import", str(EXAMPLES / "register-with-errors.csv"), "--council", "exampleton", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["rows"], answer["imported"], entered(world)) == (1, 20, 0, 0)
    assert {"row", "column", "message"} == set(answer["errors"][0])
    assert (answer["errors"][0]["row"], answer["errors"][0]["column"]) == (3, "Platform")


def test_new_service_areas_can_be_refused(app: Flask, world: World) -> None:
    path = str(EXAMPLES / "register-districts.csv")
    result = run(app, "import", path, "--council", "exampleton", "--no-new-areas")
    assert result.exit_code == 1
    assert "file" not in result.stdout.splitlines()[0]
    assert "There is no service area “Waste” in the register" in result.stdout


def test_many_faults_are_counted_after_the_first_fifty(app: Flask, world: World, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("Platform,Handle,Team\n" + "Friendface,a,Waste\n" * 60)
    assert "… and 10 more." in run(app, "import", str(path), "--council", "exampleton").stdout


def test_a_clean_file_is_told_in_a_sentence(app: Flask, world: World, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text("Platform,Handle,Team\nX,a,Waste\n")
    assert run(app, "import", str(path), "--council", "exampleton").stdout == "1 account is in the register.\n"


def test_an_unreadable_file_and_an_unknown_council_are_one_sentence_each(
    app: Flask, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(" ")
    result = run(app, "import", str(path), "--council", "exampleton", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"] == [{"row": 0, "column": "", "message": "“empty.csv” is empty."}]
    assert "file: “empty.csv” is empty." in run(app, "import", str(path), "--council", "exampleton").stdout
    nobody = run(app, "import", str(path), "--council", "nowhere")
    assert nobody.exit_code == 1
    assert "There is no council with the short name “nowhere”." in nobody.stderr
