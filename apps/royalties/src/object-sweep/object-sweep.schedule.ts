import { Jobs, Loop, Transactions } from '@countinghouse/service';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

const hourMs = 60 * 60 * 1000;
const every = '1 day';

/** Has the objects of every tenant swept once a day, whichever of the processes notices it first. */
@Injectable()
export class ObjectSweepSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new Loop('object sweep', hourMs, () => this.pass());

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<boolean> {
    const due: { tenantId: number }[] = await this.dataSource.query(`SELECT object_sweeps_due($1) AS "tenantId"`, [
      every,
    ]);
    for (const { tenantId } of due) {
      await this.transactions.inTenant(tenantId, (manager) =>
        this.jobs.send(manager, 'object-sweep', { tenantId }, { subject: `${tenantId}` }),
      );
    }
    return false;
  }
}
