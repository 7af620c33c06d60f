const contentTypes: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

/** The headers with which a file is downloaded and saved under its name. */
export const downloadHeaders = (name: string): { 'content-type': string; 'content-disposition': string } => ({
  'content-type': contentTypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream',
  'content-disposition': `attachment; filename="${name.replaceAll(/[^\w. -]/g, '_')}"`,
});
