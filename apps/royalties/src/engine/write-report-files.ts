import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, type EngineLimits, withDuckDb } from '@countinghouse/duckdb';
import { countryNames } from '../reading/countries.js';
import { csvMacros } from '../report-files/csv.sql.js';
import { writeFullFiles } from '../report-files/full-files.js';
import { writeGroupedFiles } from '../report-files/grouped-files.js';
import { openLinesFile, type ReportPart } from './lines-file.js';

export interface ReportToWrite {
  id: number;
  /** UUID of the user whose lines it has. */
  owner: string;
  /** YYYYMM. */
  reportingMonth: string;
}

export interface ReportFilesRequest {
  /** Where the lines of all these reports are, in the order in which the full files show them. */
  parts: readonly ReportPart[];
  reports: readonly ReportToWrite[];
  delimiter: 'comma' | 'semicolon';
  /** The files go here, as `<id>_labels.csv`, `_artists`, `_releases`, `_platforms`, `_countries` and `_full`. */
  outDir: string;
  workDir: string;
  limits?: EngineLimits;
}

/**
 * Writes the six files of each report: UTF-8 with byte order mark, CRLF, RFC 4180. In each of the six the royalties sum
 * up to the same amount, exactly, and so do the quantities. The same request writes the same bytes again.
 */
export async function writeReportFiles(request: ReportFilesRequest): Promise<void> {
  const { parts, reports, outDir, workDir, limits = {} } = request;
  const delimiter = request.delimiter === 'comma' ? ',' : ';';
  const pathOf = (report: number, file: string) => join(outDir, `${reports[report]!.id}_${file}.csv`);
  if (reports.length === 0) return;
  await mkdir(outDir, { recursive: true });
  await withDuckDb(workDir, limits, async (database) => {
    await database.run(csvMacros(delimiter));
    await loadNames(database, reports);
    for (const [at, { path }] of parts.entries()) await openPart(database, path, `part${at}`);
    await writeGroupedFiles(database, parts, delimiter, reports.length, pathOf);
    await writeFullFiles(database, parts, delimiter, reports.length, (report) => pathOf(report, 'full'));
  });
}

/** Tables `reports`, each with its place in the request, and `countries`. */
async function loadNames(database: Database, reports: readonly ReportToWrite[]): Promise<void> {
  await database.run(`
    CREATE TABLE countries (country VARCHAR, countryName VARCHAR);
    CREATE TABLE reports (report VARCHAR, userId VARCHAR, reportingMonth VARCHAR)`);
  await database.append('countries', countryNames);
  await database.append(
    'reports',
    reports.map(({ owner, reportingMonth }, at) => [`${at}`, owner, reportingMonth]),
  );
}

/** Attaches a lines file as `part`; `<part>Reports` says whose lines of it go into which report. */
async function openPart(database: Database, path: string, part: string): Promise<void> {
  await openLinesFile(database, path, part);
  await database.run(`
    CREATE TABLE ${part}Reports AS
      SELECT owner, CAST(report AS INTEGER) AS report, reportingMonth
      FROM reports JOIN ${part}.owners ON owners.userId = CAST(reports.userId AS UUID)`);
}
