import { applyDecorators } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { Operation } from '@countinghouse/contracts';

/** Marks the controller method that answers an operation; it is given the validated request and the call. */
export const Answers = <Request, Reply>(operation: Operation<Request, Reply>) =>
  applyDecorators(MessagePattern(operation.subject, undefined, { operation })) as <
    Method extends (request: Request, call: never) => Promise<Reply>,
  >(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ) => void;
