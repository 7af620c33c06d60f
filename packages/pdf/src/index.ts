export { type BarRow, type BarTable, drawBarTable } from './bar-table.js';
export { filled } from './filled.js';
export {
  type Detail,
  drawLetterhead,
  drawSmallPrint,
  drawTotal,
  gutter,
  halfOf,
  type Letterhead,
  type Total,
} from './letter.js';
export { type Formats, formatsOf } from './number-format.js';
export {
  type DocumentFacts,
  Page,
  type Role,
  type RuleStyle,
  type TextPlace,
  type TextStyle,
  type Tone,
} from './page.js';
export { type Column, drawTable, type Row } from './table.js';
