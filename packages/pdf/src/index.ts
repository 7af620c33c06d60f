export { type BarRow, type BarTable, drawBarTable } from './bar-table.js';
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
