// Peer: DuckDB by itself. It trusts every cell and every share, and writes one file for each grouping and owner.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [, , path, folder] = process.argv;
const workDir = join(folder, 'duckdb-alone');
mkdirSync(workDir, { recursive: true });
const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4GB', threads: '2' });
const connection = await instance.connect();
const names =
  'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;Article No;Royalties;Units';
const types = { Royalties: 'DECIMAL(18, 10)', Units: 'BIGINT' };
const columns = names.split(';').map((name) => `'${name}': '${types[name] ?? 'VARCHAR'}'`);
const csv = `read_csv('${path}', auto_detect = false, header = true, delim = ';', quote = '"', escape = '"',
  ignore_errors = true, columns = {${columns.join(', ')}})`;
await connection.run(`
  CREATE TABLE contracts AS
    SELECT 'Label ' || i || ' Records' AS label, i::SMALLINT AS owner, (50 + i % 50)::DECIMAL(9, 4) AS share
    FROM range(499) AS t (i)`);

const start = performance.now();
const lines = join(workDir, 'lines.parquet');
await connection.run(`
  COPY (
    SELECT owner, s.*, round(Royalties::DECIMAL(38, 10) * share / 100, 10)::DECIMAL(18, 10) AS royalty
    FROM ${csv} AS s JOIN contracts AS c ON c.label = s.Label
  ) TO '${lines}' (FORMAT parquet)`);
const groups = {
  labels: 'Label',
  artists: '"Product Artist"',
  releases: '"Product Title", EAN, "Product Artist"',
  platforms: 'Store',
  countries: 'Country',
};
const partitioned = '(FORMAT csv, PARTITION_BY (owner), OVERWRITE)';
for (const [file, by] of Object.entries(groups)) {
  await connection.run(`
    COPY (
      SELECT owner, ${by}, sum(Units) AS quantity, sum(royalty) AS royalties
      FROM '${lines}' GROUP BY owner, ${by} ORDER BY royalties DESC
    ) TO '${join(workDir, file)}' ${partitioned}`);
}
await connection.run(`
  COPY (SELECT owner, * EXCLUDE (owner) FROM '${lines}') TO '${join(workDir, 'full')}' ${partitioned}`);
process.send({ milliseconds: performance.now() - start });
connection.closeSync();
rmSync(workDir, { recursive: true, force: true });
