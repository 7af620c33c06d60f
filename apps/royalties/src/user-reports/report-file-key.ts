import type { DownloadOptions } from '@countinghouse/contracts';

export type Delimiter = 'comma' | 'semicolon';

/** The download options and the files they stand for. */
export const reportFiles: Record<keyof DownloadOptions, string> = {
  groupedByLabels: 'labels',
  groupedByArtists: 'artists',
  groupedByReleases: 'releases',
  groupedByPlatform: 'platforms',
  groupedByCountries: 'countries',
  fullCatalog: 'full',
};

/** Where a report's file lies in object storage: each revision has its own, so that no file ever changes. */
export const reportFileKey = (
  tenantId: number,
  { id, revision }: { id: number; revision: number },
  delimiter: Delimiter,
  file: string,
): string => `${tenantId}/reports/${id}/${revision}/${delimiter}/${id}_${file}.csv`;
