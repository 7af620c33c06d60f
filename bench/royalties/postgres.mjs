// Peer: a staging table of texts, then wide SQL in PostgreSQL: COPY in, one statement that matches, six COPYs out for
// each owner, over an index.
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

const [, , path, folder] = process.argv;
const workDir = join(folder, 'postgres-files');
mkdirSync(workDir, { recursive: true });
const client = new Client(process.env.DATABASE_URL);
await client.connect();
const columns = 'month,store,type,channel,country,label,kind,title,artist,ean,isrc,grid,article,net,units'.split(',');
const stage = `line bigserial, ${columns.map((column) => `${column} text`).join(', ')}`;
await client.query(`
  DROP TABLE IF EXISTS contracts, staging, lines;
  CREATE TABLE contracts AS
    SELECT 'label ' || i || ' records' AS label, i AS owner, (50 + i % 50)::numeric AS share
    FROM generate_series(0, 498) AS i;
  CREATE UNLOGGED TABLE staging (${stage})`);

const start = performance.now();
await pipeline(
  createReadStream(path, { highWaterMark: 2 ** 20 }),
  client.query(copyFrom(`COPY staging (${columns.join(', ')}) FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)`)),
);
await client.query(`
  CREATE TABLE lines AS
    SELECT staging.line, owner, month, store, type, country, staging.label, title, artist, ean, isrc, article,
           units::bigint AS units, net::numeric AS net, round(net::numeric * share * 0.01, 10) AS royalty
    FROM staging JOIN contracts ON contracts.label = lower(staging.label)
    WHERE net ~ '^-?[0-9.]+$'`);
const groups = {
  labels: 'label',
  artists: 'artist',
  releases: 'title, ean, artist',
  platforms: 'store',
  countries: 'country',
};
const write = (owner, file, query) =>
  pipeline(client.query(copyTo(`COPY (${query}) TO STDOUT CSV`)), createWriteStream(join(workDir, `${owner}_${file}`)));
await client.query('CREATE INDEX ON lines (owner, line)');
await client.query('ANALYZE lines');
for (let owner = 0; owner < 499; owner++) {
  const own = `FROM lines WHERE owner = ${owner}`;
  for (const [file, by] of Object.entries(groups)) {
    const totals = `SELECT ${by}, sum(units), sum(royalty) AS royalties ${own} GROUP BY ${by} ORDER BY royalties DESC`;
    await write(owner, file, totals);
  }
  const columnsOut = "month, store, type, country, label, artist, title, ean, isrc, article, units, 'EUR', royalty";
  await write(owner, 'full', `SELECT ${columnsOut} ${own} ORDER BY line`);
}
process.send({ milliseconds: performance.now() - start });
await client.query('DROP TABLE contracts, staging, lines');
await client.end();
rmSync(workDir, { recursive: true, force: true });
