import 'reflect-metadata';
import { serve } from '@countinghouse/service';
import { AppModule } from './app.module.js';
import { config } from './config.js';

await serve({ name: 'identity', module: AppModule, config });
