#!/bin/sh
# A guess about sqlglot and the queries of AWS Clean Rooms that is wrong. Seen with sqlglot 30.30.0 on
# Python 3.11 on 2026-11-30.
#
# Guess: a query that is read and written in the same dialect keeps its parameters, so the query of
#    an analysis template can be formatted in every dialect that reads it.
# Seen: every dialect here reads `:since` as a parameter, but some write it as a database driver
#    expects it. AWS Clean Rooms knows only `:name`, which Spark's dialect keeps. Output:
#        redshift: %(since)s
#        postgres: %(since)s
#        duckdb: $since
#        bigquery: @since
#        spark: :since
#        presto: :since
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sqlglot==30.30.0
cat > "$folder/seen.py" <<'PYTHON'
from sqlglot import transpile

QUERY = "SELECT email FROM matches WHERE seen > :since"

for dialect in ("redshift", "postgres", "duckdb", "bigquery", "spark", "presto"):
    (written,) = transpile(QUERY, read=dialect, write=dialect)
    print(f"{dialect}: {written.rpartition(' ')[2]}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output"
cat "$folder/output"
diff - "$folder/output" <<'EXPECTED'
redshift: %(since)s
postgres: %(since)s
duckdb: $since
bigquery: @since
spark: :since
presto: :since
EXPECTED
