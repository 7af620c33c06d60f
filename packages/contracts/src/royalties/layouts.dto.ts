import { IsObject, IsString, Matches } from 'class-validator';
import { Page, Paging } from '../paging.dto.js';

const name = {
  pattern: /^[A-Z0-9][A-Z0-9_-]{0,59}$/,
  message: 'name must be upper-case letters, digits, - and _, such as MY_LABEL',
};

export class LayoutName {
  /** @example "MY_DISTRIBUTOR" */
  @IsString()
  @Matches(name.pattern, { message: name.message })
  name: string;
}

/** How a distributor of one's own writes its statement files. */
export class CreateLayout extends LayoutName {
  /**
   * In the form of the built-in layouts: which column fills which field, or a constant; how months are written; and,
   * where the file does not show them, delimiter, decimal mark and lines to skip. What is wrong is answered by its place.
   *
   * @example { "skipLines": 1, "trailers": ["Total"], "months": ["YYYY-MM", "DD.MM.YYYY"], "columns": { "salesMonth": "Month", "store": ["Shop", "Store"], "country": "Territory", "label": "Label", "artist": "Artist", "releaseTitle": "Release", "trackTitle": "Track", "upc": "EAN", "isrc": "ISRC", "salesType": "Kind", "quantity": "Units", "net": "Amount", "currency": { "constant": "EUR" } }, "optional": ["upc"], "usage": { "stream": ["Stream"], "download": ["Download"] } }
   */
  @IsObject()
  layout: Record<string, unknown>;
}

export class StatementLayout {
  /** @example "MY_DISTRIBUTOR" */
  name: string;
  /** Comes with the product; cannot be deleted. */
  builtIn: boolean;
  /**
   * The form that `POST /royalties/layouts` takes; a distributor may have several that differ in their headers.
   *
   * @example [{ "months": ["YYYY-MM"], "columns": { "salesMonth": "Month", "label": "Label", "quantity": "Units", "net": "Amount" }, "usage": {} }]
   */
  layouts: Record<string, unknown>[];
}

export class ListLayouts extends Paging {}

export class LayoutPage extends Page {
  items: StatementLayout[];
}
