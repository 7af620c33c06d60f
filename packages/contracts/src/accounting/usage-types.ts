/** How recordings are used, as earnings tell. */
export const usageTypes = ['stream', 'download', 'physical', 'other'] as const;
export type UsageTypeName = (typeof usageTypes)[number];
