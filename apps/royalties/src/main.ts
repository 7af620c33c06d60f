import 'reflect-metadata';
import { serve } from '@countinghouse/service';
import { AppModule } from './app.module.js';
import { config } from './config.js';
import { scratch } from './scratch.js';

await scratch.clear();
await serve({ name: 'royalties', module: AppModule, config });
