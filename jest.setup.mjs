// CommonJS libraries of Nest's family cannot be required in the middle of an ESM cycle; loading Nest first breaks it.
import 'reflect-metadata';
await import('@nestjs/common');
await import('@nestjs/core');
