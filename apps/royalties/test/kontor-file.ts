import { addMonths } from '@countinghouse/calendar';

/** One line of a KONTOR statement; what is not given is a plain valid value. */
export interface KontorLine {
  period?: string;
  store?: string;
  country?: string;
  label?: string;
  title?: string;
  artist?: string;
  ean?: string;
  isrc?: string;
  royalties?: string;
  units?: string;
}

export const kontorHeader =
  'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;Article No;Royalties;Units';

export const kontorLine = (line: KontorLine = {}): string =>
  [
    line.period ?? '202507',
    line.store ?? 'Spotify',
    'Streaming',
    '1401',
    line.country ?? 'DE',
    line.label ?? 'Polar Records',
    'Track',
    line.title ?? 'Snow',
    line.artist ?? 'Ada',
    line.ean ?? '4260123459598',
    line.isrc ?? 'DEA622500001',
    '',
    'PR-1',
    line.royalties ?? '0,0123456789',
    line.units ?? '3',
  ]
    .map((cell) => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(';');

export const kontorFile = (lines: KontorLine[]): string =>
  `${[kontorHeader, ...lines.map(kontorLine)].join('\r\n')}\r\n`;

let month = '201001';

/** Parameters of an upload for a month that has had none in this spec file. */
export const nextUpload = (): string => `distributor=KONTOR&reportingMonth=${(month = addMonths(month, 1))}`;

/** The month of the last upload. */
export const lastMonth = (): string => month;
