import 'reflect-metadata';
import { serve } from '@countinghouse/service';
import { AppModule } from './app.module.js';
import { config } from './config.js';
import { clearWorkDir } from './work-dir.js';

await clearWorkDir();
await serve({ name: 'accounting', module: AppModule, config });
