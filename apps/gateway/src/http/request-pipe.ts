import type { Class } from '@countinghouse/contracts';
import { validated } from '@countinghouse/service/process';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { jsonObject } from './body.js';

/** Makes what a controller's method is given of what was sent, as an instance of the argument's class. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || !metatype) return value;
    return validated(metatype as Class<unknown>, type === 'body' ? jsonObject(value as Buffer | undefined) : value);
  }
}
