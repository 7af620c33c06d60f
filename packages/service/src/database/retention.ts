import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Loop } from '../jobs/loop.js';

const hourMs = 60 * 60 * 1_000;
const kept = '30 days';

/** Forgets replies kept for repeated calls, and jobs that are over, after their time. */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new Loop('retention', hourMs, () => this.pass());

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<boolean> {
    await this.dataSource.query('SELECT purge_idempotency_keys($1), purge_jobs($1)', [kept]);
    return false;
  }
}
