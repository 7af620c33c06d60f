import { type Api, eventually } from '@countinghouse/testing';

/** The download options and the names of their files. */
export const fileNames = {
  groupedByLabels: 'labels',
  groupedByArtists: 'artists',
  groupedByReleases: 'releases',
  groupedByPlatform: 'platforms',
  groupedByCountries: 'countries',
  fullCatalog: 'full',
} as const;
export type FileName = (typeof fileNames)[keyof typeof fileNames];

/** The addresses of a report's six files, once there are any. */
export const fileUrls = (api: Api, reportId: number, query = ''): Promise<Record<FileName, string>> =>
  eventually(async () => {
    const { json, text } = await api.get(`/financial/reports/user-reports/download/options/${reportId}${query}`);
    const urls = Object.entries(fileNames).map(([option, name]) => [name, (json as Record<string, unknown>)[option]]);
    if (!urls.every(([, url]) => typeof url === 'string')) throw new Error(`no files yet: ${text}`);
    return Object.fromEntries(urls);
  });

/** The text of each of a report's six files. */
export async function fileTexts(api: Api, reportId: number, query = ''): Promise<Record<FileName, string>> {
  const urls = Object.entries(await fileUrls(api, reportId, query));
  const texts = urls.map(async ([name, url]) => [name, (await api.get(url)).text] as const);
  return Object.fromEntries(await Promise.all(texts)) as Record<FileName, string>;
}

/** The cells of a CSV file by the names of its columns (RFC 4180; a byte order mark is no part of the first name). */
export function csvRows(text: string, delimiter: ',' | ';' = ','): Record<string, string>[] {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\r\\n${delimiter}]*))(${delimiter}|\\r\\n)`, 'y');
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.replace(/^\uFEFF/, '').matchAll(new RegExp(cell, 'gy'))) {
    records.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') records.push([]);
  }
  const [header, ...rows] = records.slice(0, -1);
  return rows.map((row) => Object.fromEntries(header!.map((name, at) => [name, row[at]!])));
}
