import { DomainError } from '@countinghouse/contracts';
import { Health } from '@countinghouse/service/process';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Serves } from '../http/asks.js';
import { Shutdown } from '../http/shutdown.js';
import { Running } from './health.dto.js';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly shutdown: Shutdown,
  ) {}

  /** The process is alive. */
  @Get('live')
  @Serves({ roles: 'public', load: 'none' }, { status: 200, type: Running })
  live(): Running {
    return { status: 'ok' };
  }

  /** The process can do its work; 503 when it cannot. What it lacks is told on the operations port. */
  @Get('ready')
  @Serves({ roles: 'public', load: 'none' }, { status: 200, type: Running })
  async ready(): Promise<Running> {
    const { status } = await this.health.report();
    if (status !== 'ok' || this.shutdown.begun) throw new DomainError('unavailable', 'Not ready');
    return { status };
  }
}
