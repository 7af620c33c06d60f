const contentTypes: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

/** Whether a browser saves a file or shows it; it is saved under its name either way. */
export type Disposition = 'attachment' | 'inline';

/** The headers with which a file of that name is downloaded. */
export const downloadHeaders = (
  name: string,
  disposition: Disposition = 'attachment',
): { 'content-type': string; 'content-disposition': string } => ({
  'content-type': contentTypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream',
  'content-disposition': `${disposition}; filename="${name.replaceAll(/[^\w. -]/g, '_')}"`,
});
