import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type RunningGateway, startGateway } from './outside.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

let gateway: RunningGateway;
let document: OpenAPIObject;

/** From the build, as people run it: only there the comments and types of the messages are known. */
beforeAll(async () => {
  const script = new URL('../dist/openapi.js', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 10_000_000 });
  document = JSON.parse(stdout) as OpenAPIObject;
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
const routes = () =>
  gateway.app
    .getHttpAdapter()
    .getInstance()
    .declaredRoutes.map((options) => ({
      name: `${String(options.method)} ${options.url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}')}`,
      access: options.config?.route?.access,
      body: options.config?.route?.body,
    }));

describe('the API document', () => {
  it('is OpenAPI 3.1 and names the very routes that there are', () => {
    expect(document.openapi).toBe('3.1.0');
    const documented = operations().map(([name]) => name);
    expect(documented.sort()).toEqual(
      routes()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('is the one that the typed client was generated from (else: npm run generate -w @countinghouse/client)', async () => {
    const committed = await readFile(new URL('../../../packages/client/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(document);
  });

  it('says of every route who may call it', () => {
    const documented = Object.fromEntries(operations());
    for (const { name, access } of routes()) {
      const { security, ...operation } = documented[name]!;
      const needsToken = security?.some((scheme) => 'bearer' in scheme) ?? false;
      expect({ name, needsToken }).toEqual({ name, needsToken: access !== 'public' });
      expect((operation as Record<string, unknown>)['x-roles']).toEqual(access === 'public' ? undefined : access);
    }
  });

  it('describes every route in words, and names it once', () => {
    const names = operations().map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [name, { summary, tags }] of operations()) {
      expect({ name, summary, tags }).toEqual({
        name,
        summary: expect.stringMatching(/\w+/),
        tags: [expect.any(String)],
      });
    }
  });

  it('describes every parameter of a path, and only those', () => {
    for (const [name, { parameters = [] }] of operations()) {
      const inPath = parameters.flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [parameter.name] : [],
      );
      expect({ name, inPath }).toEqual({ name, inPath: [...name.matchAll(/\{(\w+)\}/g)].map(([, part]) => part) });
    }
  });

  it('describes every answer: what succeeds by its schema, every refusal by its one shape and an example', () => {
    for (const [name, { responses }] of operations()) {
      const statuses = Object.keys(responses);
      expect({ name, statuses }).toEqual({
        name,
        statuses: expect.arrayContaining(['400', '429', '500', '503', '504']),
      });
      expect(statuses.filter((status) => status.startsWith('2')).length).toBeGreaterThan(0);
      for (const [status, answer] of Object.entries(responses)) {
        const content = (answer as { content?: Record<string, { schema?: object; example?: object }> }).content;
        const [first] = Object.values(content ?? {});
        if (Number(status) >= 400) {
          expect(first?.schema).toEqual({ $ref: '#/components/schemas/Refusal' });
          expect(first?.example).toMatchObject({ statusCode: Number(status) });
        } else if (!['204', '304'].includes(status)) {
          expect({ name, status, schema: first?.schema }).toEqual({ name, status, schema: expect.anything() });
        }
      }
    }
  });

  it('describes every body that is taken', () => {
    const documented = Object.fromEntries(operations());
    for (const { name, body } of routes()) {
      const hasBody = documented[name]!.requestBody !== undefined;
      expect({ name, hasBody }).toEqual({ name, hasBody: body !== 'none' });
    }
  });

  it('has no shape without fields, and says which numbers are exact', () => {
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      const { properties = {} } = schema as { properties?: Record<string, { type?: string; format?: string }> };
      expect({ name, fields: Object.keys(properties).length }).not.toEqual({ name, fields: 0 });
      for (const [field, { type, format }] of Object.entries(properties)) {
        if (type === 'number') expect({ name, field, format }).toEqual({ name, field, format: 'decimal' });
      }
    }
  });

  it('is the one that the gateway serves, beside pages to browse it that load nothing from elsewhere', async () => {
    const served = await gateway.app.inject('/openapi.json');
    expect(Object.keys(served.json<OpenAPIObject>().paths)).toEqual(Object.keys(document.paths));
    const page = await gateway.app.inject('/docs');
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect((await gateway.app.inject(file)).statusCode).toBe(200);
    expect((await gateway.app.inject('/docs/constructor')).statusCode).toBe(404);
  });
});
