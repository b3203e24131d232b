"""The files of an archive, read by DuckDB and DataFusion: they agree with `attempts breakdown`, cell by cell."""

import json
import os
import subprocess
from decimal import Decimal

import datafusion
import duckdb
import pyarrow
import pytest

from emulator import PROGRAM, Emulator

# The labels of each dimension, as SQL; `{hour}` differs.
LABELS = {
    "country": "country",
    "channel": "channel",
    "service": "service_sid",
    "day": "cast(date as varchar)",
    "hour": "{hour}",
    "prefix:4": "case when destination like '+%' then left(destination, 5) end",
    "carrier": "coalesce(nullif(carrier, ''), mcc || '/' || mnc)",
    "locale": "locale",
    "error-code": "nullif(error_code, '0')",
    "status": "lower(coalesce(message_status, call_status))",
}

QUERY = """
select {labels}, upper(price_currency) as currency, count(*) as attempts,
    count(*) filter (where conversion_status = 'converted') as converted,
    count(*) filter (where conversion_status = 'unconverted') as unconverted,
    count(price) as priced, sum(price) as cost
from attempts
group by {groups}
"""


def program(*arguments, emulator=None):
    environment = {**os.environ, "TWILIO_VERIFY_LOG": "off"}
    options = ["-o", "json"]
    if emulator:
        environment |= {"TWILIO_ACCOUNT_SID": emulator.account_sid, "TWILIO_AUTH_TOKEN": emulator.auth_token}
        options += ["--base-url", emulator.url]
    done = subprocess.run([PROGRAM, *options, *arguments], env=environment, capture_output=True, text=True)
    if "built without the feature" in done.stderr:
        pytest.skip("the program was built without the feature")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive") / "attempts"
    with Emulator("--sample", "4000") as emulator:
        program("attempts", "sync", str(folder), "--numbers", "full", emulator=emulator)
    return folder


class DuckDB:
    hour = "strftime(date_created at time zone 'UTC', '%Y-%m-%dT%H')"

    def __init__(self, folder):
        self.connection = duckdb.connect()
        self.connection.execute("set timezone = 'America/Bogota'")
        files = f"'{folder}/date=*/attempts.parquet', hive_partitioning = true"
        self.connection.execute(f"create view attempts as from read_parquet({files})")

    def rows(self, query):
        return self.connection.execute(query).fetchall()

    def types(self):
        return {row[0]: row[1] for row in self.rows("describe attempts")}


class DataFusion:
    hour = "to_char(date_created, '%Y-%m-%dT%H')"

    def __init__(self, folder):
        self.context = datafusion.SessionContext()
        partitions = [("date", pyarrow.string())]
        self.context.register_parquet("attempts", str(folder), table_partition_cols=partitions)

    def rows(self, query):
        table = self.context.sql(query).to_arrow_table()
        return list(zip(*(column.to_pylist() for column in table.columns)))

    def types(self):
        return {field.name: str(field.type) for field in self.context.table("attempts").schema()}


@pytest.fixture(scope="module", params=[DuckDB, DataFusion])
def engine(request, folder):
    return request.param(folder)


def cells(engine, by):
    """The cells as an engine counts them."""
    labels = [LABELS[dimension].format(hour=engine.hour) for dimension in by]
    labels_as = ", ".join(f"{label} as label_{index}" for index, label in enumerate(labels))
    groups = ", ".join(str(index + 1) for index in range(len(by) + 1))
    cells = {}
    for row in engine.rows(QUERY.format(labels=labels_as, groups=groups)):
        key, (currency, attempts, converted, unconverted, priced, cost) = row[: len(by)], row[len(by) :]
        cell = cells.setdefault(key, [0, 0, 0, {}])
        cell[:3] = cell[0] + attempts, cell[1] + converted, cell[2] + unconverted
        if priced:
            cell[3][currency] = (priced, cost.normalize())
    return cells


def ours(folder, by):
    """The cells as the program counts them."""
    table = json.loads(program("attempts", "breakdown", "--from-archive", str(folder), "--by", ",".join(by)))
    names = [dimension.split(":")[0].replace("-", "_") for dimension in by]
    cells = {}
    for cell in table["cells"]:
        costs = cell.get("cost", {}).items()
        costs = {currency: (cost["priced"], Decimal(cost["sum"]).normalize()) for currency, cost in costs}
        key = tuple(cell[name] for name in names)
        cells[key] = [cell["attempts"], cell["converted"], cell["unconverted"], costs]
    return cells


@pytest.mark.parametrize(
    "by",
    [
        ["country", "channel", "day"],
        ["prefix:4", "country"],
        ["hour", "channel"],
        ["carrier", "status"],
        ["service", "locale", "error-code"],
        list(LABELS),
    ],
    ids=",".join,
)
def test_every_cell_is_the_same(folder, engine, by):
    found = ours(folder, by)
    assert found == cells(engine, by)
    assert sum(cell[0] for cell in found.values()) == 4000


def test_types_are_those_of_sql(engine):
    types = engine.types()
    expected = {
        DuckDB: ("TIMESTAMP WITH TIME ZONE", "DECIMAL(18,6)", "VARCHAR", "BIGINT"),
        DataFusion: ("timestamp[ms, tz=UTC]", "decimal128(18, 6)", ("string", "string_view"), "int64"),
    }
    date, price, text, number = expected[type(engine)]
    assert types["date_created"] == types["date_updated"] == date
    assert types["price"] == price
    assert types["code_length"] == number
    for name in ("sid", "verification_sid", "destination"):
        assert types[name] in text
    for name in ("country", "channel", "carrier", "conversion_status"):
        # Dictionaries are texts to SQL.
        assert types[name] in text or types[name].startswith("dictionary<values=string")


def test_a_row_is_what_was_read(engine):
    """Dates, prices and texts, one by one."""
    query = """
        select sid, cast(date as varchar), price, channel, conversion_status, url_template, length(destination)
        from attempts order by date_created, sid
    """
    rows = engine.rows(query)
    assert len({row[0] for row in rows}) == len(rows) == 4000
    assert all(row[0].startswith("VL") and len(row[0]) == 34 for row in rows)
    assert all(isinstance(row[2], Decimal) for row in rows if row[2] is not None)
    assert {row[4] for row in rows} == {"converted", "unconverted"}
    assert all(row[5] is None or row[5].endswith("/v2/Attempts/{sid}") for row in rows)
