import { WorkDir } from '@countinghouse/duckdb';
import { config } from './config.js';

export const scratch = new WorkDir(config.WORK_DIR);
