"""Reads an archive with Spark, with two local workers, and counts it: FOLDER."""

import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

(folder,) = sys.argv[1:]
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
start = time.perf_counter()
attempts = spark.read.parquet(folder)
attempts.printSchema()
cells = attempts.groupBy("country", "channel", "date").agg(
    f.count("*").alias("attempts"),
    f.sum((f.col("conversion_status") == "converted").cast("long")).alias("converted"),
    f.sum("price").alias("cost"),
)
rows = cells.collect()
seconds = time.perf_counter() - start
print(
    f"Spark {spark.version}: {sum(row.attempts for row in rows)} attempts in {len(rows)} cells, "
    f"{sum(row.converted for row in rows)} converted, cost {sum(row.cost or 0 for row in rows)}, {seconds:.1f} s"
)
spark.stop()
