import type { RoyaltySummary } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { shown } from '../domain/rounding.js';

const topCount = 10;

interface TotalRow {
  dimension: 'all' | 'month' | 'dsp' | 'territory';
  key: string;
  streams: number;
  streamsRoyalty: string;
  downloads: number;
  downloadsRoyalty: string;
  royalty: string;
  ratePer1K: string | null;
}

/** A user's streams, downloads and what they brought, as people see them. */
export async function royaltySummary(
  manager: EntityManager,
  tenantId: number,
  userId: string,
  currency: string,
): Promise<RoyaltySummary> {
  const rows: TotalRow[] = await manager.query(royaltyTotals, [tenantId, userId, topCount]);
  const [all] = rows.filter(({ dimension }) => dimension === 'all');
  const of = (dimension: TotalRow['dimension']) => rows.filter((row) => row.dimension === dimension);
  return {
    Streams: all?.streams ?? 0,
    Streams_Royalty: shown(all?.streamsRoyalty ?? '0', currency),
    Downloads: all?.downloads ?? 0,
    Downloads_Royalty: shown(all?.downloadsRoyalty ?? '0', currency),
    RatePer1K: all?.ratePer1K ?? null,
    months: of('month').map(({ key, royalty }) => ({ month: key, royalty: shown(royalty, currency) })),
    topDsps: of('dsp').map(({ key, royalty }) => ({ dsp: key, royalty: shown(royalty, currency) })),
    topTerritories: of('territory').map(({ key, royalty }) => ({ territory: key, royalty: shown(royalty, currency) })),
  };
}

/** The rate is rounded half away from zero to 4 decimals; numeric division has more digits than that needs. */
const royaltyTotals = `
  WITH ranked AS (
    SELECT *, row_number() OVER (PARTITION BY dimension ORDER BY royalty DESC, key COLLATE "C") AS place
    FROM royalty_total WHERE tenant_id = $1 AND user_id = $2
  )
  SELECT dimension, key, streams::bigint AS streams, trim_scale(streams_royalty) AS "streamsRoyalty",
         downloads::bigint AS downloads, trim_scale(downloads_royalty) AS "downloadsRoyalty",
         trim_scale(royalty) AS royalty,
         trim_scale(round(streams_royalty * 1000 / nullif(streams, 0), 4)) AS "ratePer1K"
  FROM ranked
  WHERE dimension IN ('all', 'month') OR place <= $3
  ORDER BY dimension, CASE dimension WHEN 'month' THEN key END COLLATE "C", place`;
