import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { jsonOf, parseJson, UnsafeNumber } from './json.js';

describe('jsonOf', () => {
  it('writes exact fields as numbers with their very digits, however deep, and leaves the rest alone', () => {
    const page = {
      total: 1,
      items: [{ net: '12345678901234567890.12345678901234567890', name: '1.5' }],
      net: '-0.0000000001',
      error: null,
    };
    expect(jsonOf(page, new Set(['net']))).toBe(
      '{"total":1,"items":[{"net":12345678901234567890.12345678901234567890,"name":"1.5"}],"net":-0.0000000001,"error":null}',
    );
  });

  it.each([null, 'unknown', '1e5', '007', 12])('writes %j in an exact field as it is', (net) => {
    expect(jsonOf({ net }, new Set(['net']))).toBe(JSON.stringify({ net }));
  });
});

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value, (_key, field) =>
          typeof field === 'number' ? Math.round(field) % 1e15 : field,
        );
        fc.pre(!/__proto__|constructor/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('reads numbers of 15 significant digits as they are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999_999_999_999 }),
        fc.integer({ min: 0, max: 14 }),
        (digits, places) => {
          const integer = String(digits).padStart(places + 1, '0');
          const text = `${integer.slice(0, integer.length - places)}${places > 0 ? `.${integer.slice(-places)}` : ''}`;
          expect(parseJson(`{"net":-${text}}`)).toEqual({ net: -Number(text) });
        },
      ),
    );
  });

  it.each(['86.40173946750001', '1234567890123456', '1e2', '1E-5', '1e999', '-1.0000000000000000', '0.10e1'])(
    'keeps %s as it was written, as no number',
    (source) => {
      const { net } = parseJson(`{"net":${source}}`) as { net: UnsafeNumber };
      expect(net).toBeInstanceOf(UnsafeNumber);
      expect(String(net)).toBe(source);
      expect(Number(net)).toBeNaN();
    },
  );

  it('finds unsafe numbers in lists and at the top', () => {
    expect(parseJson('[0.1, 1e1]')).toEqual([0.1, new UnsafeNumber('1e1')]);
    expect(parseJson('1e1')).toEqual(new UnsafeNumber('1e1'));
  });

  it.each(['{"__proto__":{"admin":true}}', '{"a":[{"__pro\\u0074o__":1}]}', '{"constructor":{"prototype":{"a":1}}}'])(
    'refuses %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(/^The key \S+ is not allowed$/);
    },
  );

  it('allows a field that is merely called constructor', () => {
    expect(parseJson('{"constructor":"Bauhaus GmbH","prototype":1}')).toEqual({
      constructor: 'Bauhaus GmbH',
      prototype: 1,
    });
  });

  it('refuses 100 KB of brackets with an error that says why, and allows 32 levels', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    for (const text of [nested(33), nested(50_000), '{"a":'.repeat(20_000), '['.repeat(100_000)])
      expect(() => parseJson(text)).toThrow(new SyntaxError('The JSON is nested deeper than 32 levels'));
    expect(parseJson(nested(32))).toBeInstanceOf(Array);
  });

  it('does not take brackets in texts for nesting', () => {
    const text = `${'['.repeat(50)}"\\`;
    expect(parseJson(JSON.stringify({ text }))).toEqual({ text });
  });

  it.each(['', '{', '[1,]', "{'a':1}", 'NaN', '01', '"'])('refuses %j, which is not JSON', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});
