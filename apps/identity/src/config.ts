import { readConfig } from '@countinghouse/service';
import { environment } from './environment.js';

export const config = readConfig(environment);
