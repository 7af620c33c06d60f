import { Loop } from '@countinghouse/service';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

const batchSize = 10_000;
const pauseMs = 1_000;

/**
 * Adds movements of any tenants to what is folded already, so that reads stay short; no figure changes by it. Several may
 * fold at once, and nobody who books or reads waits.
 *
 * @returns how many were folded: fewer than `howMany` when no more are left
 */
export const foldMovements = async (dataSource: DataSource, howMany = batchSize): Promise<number> => {
  const [{ folded }]: [{ folded: number }] = await dataSource.query(`SELECT fold_movements($1) AS folded`, [howMany]);
  return folded;
};

/** Folds for as long as the service runs; every service with a ledger provides it. */
@Injectable()
export class MovementFolding implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(dataSource: DataSource) {
    this.loop = new Loop('ledger folding', pauseMs, async () => (await foldMovements(dataSource)) === batchSize);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
