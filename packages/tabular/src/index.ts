export { splitRecord } from './cells.js';
export { csvCell, textCell } from './csv-cell.js';
export { detectEncoding, NotTextError, transcodeToUtf8, type Encoding } from './encoding.js';
export { columnKey, columnsNamed, detectDelimiter } from './header.js';
export {
  decideMark,
  evidencePattern,
  numberPattern,
  readNumber,
  undecidedPattern,
  type DecimalMark,
  type MarkEvidence,
} from './number-format.js';
export { longestRecord, scanRecords, type Delimiter, type RecordProblem, type ScannedRecord } from './records.js';
