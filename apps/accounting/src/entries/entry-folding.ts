import { Loop } from '@countinghouse/service';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

const batchSize = 10_000;
const pauseMs = 1_000;

/** Adds the counts of entries to what is folded already, so that reads stay short; no figure changes by it. */
@Injectable()
export class EntryFolding implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(dataSource: DataSource) {
    this.loop = new Loop('entry folding', pauseMs, async () => {
      const [{ folded }]: [{ folded: number }] = await dataSource.query(`SELECT fold_entry_totals($1) AS folded`, [
        batchSize,
      ]);
      return folded === batchSize;
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
