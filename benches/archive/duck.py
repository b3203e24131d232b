"""The breakdowns of the benchmark `archive`, by DuckDB: FOLDER THREADS DIMENSIONS."""

import resource
import sys
import time

import duckdb

folder, threads, by = sys.argv[1:]
columns = {
    "country": "country",
    "channel": "channel",
    "day": "date",
    "prefix:3": "left(destination, 4)",
    "prefix:6": "left(destination, 7)",
}
labels = ", ".join(columns[dimension] for dimension in by.split(","))
connection = duckdb.connect()
connection.execute(f"set threads = {threads}")
start = time.perf_counter()
connection.execute(
    f"""
    create table cells as
    select {labels}, price_currency, count(*) as attempts,
        count(*) filter (conversion_status = 'converted') as converted,
        count(*) filter (conversion_status = 'unconverted') as unconverted,
        count(price) as priced, sum(price) as cost
    from read_parquet('{folder}/date=*/attempts.parquet', hive_partitioning = true)
    group by all
    """
)
seconds = time.perf_counter() - start
cells = connection.execute(f"select count(*) from (select distinct on (columns(* exclude (price_currency, attempts, converted, unconverted, priced, cost))) * from cells)").fetchone()[0]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
print(f"{'DuckDB':12} {cells:>10} {seconds:>12.3f} {peak:>12.0f}")
