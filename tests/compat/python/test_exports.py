"""What `attempts export` writes, read by the programs that people read it with."""

import csv
import io
import json
import os
import pathlib
import re
import subprocess

import duckdb
import openpyxl
import pytest

from emulator import Emulator


def export(emulator, *arguments):
    command = [os.environ["TWILIO_VERIFY_PROGRAM"], "--base-url", emulator.url, "attempts", "export", *arguments]
    environment = {
        **os.environ,
        "TWILIO_ACCOUNT_SID": emulator.account_sid,
        "TWILIO_AUTH_TOKEN": emulator.auth_token,
    }
    done = subprocess.run(command, env=environment, capture_output=True)
    if b"built without the feature" in done.stderr:
        pytest.skip("the program was built without the feature")
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_a_workbook_keeps_numbers_as_texts_dates_as_dates_and_prices_as_numbers(tmp_path):
    with Emulator("--sample", "1500") as emulator:
        rows = list(csv.DictReader(io.StringIO(export(emulator, "-o", "csv", "--raw").decode())))
        file = tmp_path / "attempts.xlsx"
        export(emulator, "-o", str(file))
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert sheet.title == "attempts"
    assert sheet.freeze_panes == "A2"
    header, *cells = sheet.iter_rows(values_only=True)
    assert list(header) == list(rows[0])
    assert len(cells) == len(rows) > 1000
    for row, values in zip(rows, cells):
        read = dict(zip(header, values))
        for name, text in row.items():
            value = read[name]
            if text == "":
                assert value is None, name
            elif name.startswith("date_"):
                assert value.strftime("%Y-%m-%dT%H:%M:%SZ") == text
            elif name == "price.value":
                assert value == float(text)
            else:
                # Such as +573003003030, 30006 and 06.
                assert value == text, name
    assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)


GUIDE = pathlib.Path(__file__).parents[3] / "docs/src"


def test_duckdb_gives_the_table_that_the_guide_shows_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program = os.environ["TWILIO_VERIFY_PROGRAM"]
    with Emulator("--sample", "1500") as emulator:
        environment = {
            **os.environ,
            "TWILIO_ACCOUNT_SID": emulator.account_sid,
            "TWILIO_AUTH_TOKEN": emulator.auth_token,
            "TWILIO_VERIFY_ARCHIVE_KEY": "00" * 32,
        }
        sync = [program, "--base-url", emulator.url, "attempts", "sync", "attempts"]
        done = subprocess.run(sync, env=environment, capture_output=True)
    if b"built without the feature" in done.stderr:
        pytest.skip("the program was built without the feature")
    assert done.returncode == 0, done.stderr.decode()
    breakdown = [program, "attempts", "breakdown", "--by", "day,carrier", "--from-archive", "attempts", "-o", "json"]
    cells = json.loads(subprocess.run(breakdown, capture_output=True, check=True).stdout)["cells"]
    (query,) = re.findall(r"```sql\n(.*?)```", (GUIDE / "attempts.md").read_text(), re.DOTALL)
    rows = duckdb.sql(query).fetchall()
    ours = {(cell["day"], cell["carrier"], cell["attempts"], cell["converted"]) for cell in cells}
    assert len(rows) > 100
    # A carrier without a name is called by its codes.
    named = {row for row in rows if row[1]}
    assert named and named <= ours
    assert sum(row[2] for row in rows) == sum(cell["attempts"] for cell in cells)
