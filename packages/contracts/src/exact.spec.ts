import { describe, expect, it } from '@jest/globals';
import { Exact, exactFieldsOf } from './exact.js';

/** As the OpenAPI plugin adds it when the package is built. */
const made = (fields: Record<string, { type: () => unknown }>) => () => fields;

class Line {
  static _OPENAPI_METADATA_FACTORY = made({ label: { type: () => String }, net: { type: () => String } });
  label: string;
  @Exact('1')
  net: string;
}

class Page {
  static _OPENAPI_METADATA_FACTORY: () => Record<string, { type: () => unknown }> = made({
    total: { type: () => Number },
  });
  total: number;
}

class LinePage extends Page {
  static override _OPENAPI_METADATA_FACTORY = made({ items: { type: () => [Line] } });
  items: Line[];
}

class LineWithNote extends Line {
  static override _OPENAPI_METADATA_FACTORY = made({ note: { type: () => String } });
  note: string;
}

class Mixed {
  static _OPENAPI_METADATA_FACTORY = made({ net: { type: () => String }, lines: { type: () => [Line] } });
  net: string;
  lines: Line[];
}

describe('exact fields of a reply', () => {
  it.each([
    ['its own', Line],
    ['those it inherits', LineWithNote],
    ['those of the items of a page', LinePage],
  ])('are %s', (_, replyClass) => {
    expect([...exactFieldsOf(replyClass)]).toEqual(['net']);
  });

  it('refuse a name that is exact in one place and text in another, which could not be told apart', () => {
    expect(() => exactFieldsOf(Mixed)).toThrow('Mixed.net must be marked @Exact');
  });
});
