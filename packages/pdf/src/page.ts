import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import Pdf from 'pdfkit';
import { fittedText, missingLetter, readableText } from './readable-text.js';

const fontFile = createRequire(import.meta.url).resolve;
const fonts = {
  regular: fontFile('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: fontFile('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
};

/** Shades that can be told apart on a black and white print. */
const tones = { ink: '#1a1a1a', soft: '#5f5f5f', light: '#c9c9c9' } as const;
export type Tone = keyof typeof tones;

const standardSize = 9;

export interface DocumentFacts {
  title: string;
  author: string;
  /** BCP 47. */
  language: string;
  /** The same facts and the same drawing make the same bytes, so it is not the clock that says this. */
  createdAt: Date;
}

export interface TextStyle {
  size?: number;
  bold?: boolean;
  tone?: Tone;
}

export interface TextPlace {
  x: number;
  /** Of the base line, from the top of the page. */
  y: number;
  /** What does not fit is cut, with an ellipsis. */
  width: number;
  align?: 'left' | 'right';
}

export interface RuleStyle {
  x?: number;
  width?: number;
  tone?: Tone;
  thickness?: number;
}

/** What a piece of the page is to a reader who listens to it; see "standard structure types" of ISO 32000-1. */
export type Role = 'H1' | 'P' | 'Table' | 'TR' | 'TH' | 'TD';

type Element = ReturnType<PDFKit.PDFDocument['struct']>;

/** The types of pdfkit leave out the font that is being used. */
type WithFont = PDFKit.PDFDocument & { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } };

/**
 * A sheet of A4, and further ones after it, as a tagged PDF. Lengths are points (1/72 inch) from the top left corner of
 * the sheet that is being drawn on. Texts are single lines of anything: what cannot be set is replaced, what is too long
 * is cut. Lines and bars are decoration, which is not read out.
 */
export class Page {
  readonly top = 68;
  readonly left = 56;
  readonly right = 595.28 - 56;
  readonly bottom = 841.89 - 48;
  readonly width = this.right - this.left;
  /** Whether a letter had to be replaced. */
  lettersMissing = false;
  private readonly document: PDFKit.PDFDocument;
  private parent: Element;

  constructor({ title, author, language, createdAt }: DocumentFacts) {
    const plain = (text: string) => readableText(text, () => true);
    this.document = new Pdf({
      size: 'A4',
      margin: 0,
      pdfVersion: '1.7',
      // None at first: a font that is here before its name is registered would be read again at every use of the name.
      font: '',
      lang: language,
      tagged: true,
      displayTitle: true,
      bufferPages: true,
      info: { Title: plain(title), Author: plain(author), CreationDate: createdAt },
    });
    for (const [name, file] of Object.entries(fonts)) this.document.registerFont(name, file);
    this.parent = this.document.struct('Document');
    this.document.addStructure(this.parent);
  }

  /** Goes on with a new sheet. */
  turn(): void {
    this.document.addPage();
  }

  /** Draws on each sheet, when all others are drawn, what only then is known: how many there are. */
  onEverySheet(draw: (sheet: number, sheets: number) => void): void {
    const { count } = this.document.bufferedPageRange();
    for (let at = 0; at < count; at++) {
      this.document.switchToPage(at);
      draw(at + 1, count);
    }
  }

  /** What is written by `draw` belongs together. */
  within(role: Role, draw: () => void): void {
    const outer = this.parent;
    const inner = this.document.struct(role);
    outer.add(inner);
    this.parent = inner;
    draw();
    inner.end();
    this.parent = outer;
  }

  /** @param role null for what is not read out: it is there for the eye alone, or was read out before */
  text(text: string, place: TextPlace, style: TextStyle = {}, role: Role | null = 'P'): void {
    const { x, y, width, align = 'left' } = place;
    const line = fittedText(this.settable(text, style), width, (part) => this.widthOf(part, style));
    if (line === '') return;
    const from = align === 'left' ? x : x + width - this.widthOf(line, style);
    const write = () => {
      this.use(style).fillColor(tones[style.tone ?? 'ink']);
      this.document.text(line, from, y, { lineBreak: false, baseline: 'alphabetic' });
    };
    if (role === null) return this.decoration(write);
    const element = this.document.struct(role, {}, write);
    this.parent.add(element);
    element.end();
  }

  /** A text that is set smaller rather than cut, since a figure without its end is another figure. */
  figure(text: string, place: TextPlace, style: TextStyle = {}): void {
    if (text === '') return;
    const size = style.size ?? standardSize;
    // A little less than what just fits, for the width of the text in the other size is a product of doubles.
    const fitting = (0.999 * size * place.width) / this.widthOf(text, style);
    this.text(text, place, { ...style, size: Math.min(size, fitting) });
  }

  widthOf(text: string, style: TextStyle = {}): number {
    return this.use(style).widthOfString(text);
  }

  rule(y: number, { x = this.left, width = this.width, tone = 'light', thickness = 0.5 }: RuleStyle = {}): void {
    this.decoration(() =>
      this.document
        .moveTo(x, y)
        .lineTo(x + width, y)
        .lineWidth(thickness)
        .stroke(tones[tone]),
    );
  }

  /** A filled rectangle; one without a tone is only outlined. */
  bar(x: number, y: number, width: number, height: number, tone: Tone | null): void {
    this.decoration(() => {
      if (tone) this.document.rect(x, y, width, height).fill(tones[tone]);
      else
        this.document
          .rect(x + 0.25, y + 0.25, Math.max(0, width - 0.5), height - 0.5)
          .lineWidth(0.5)
          .stroke(tones.ink);
    });
  }

  async bytes(): Promise<Uint8Array> {
    this.document.end();
    return buffer(this.document);
  }

  private settable(text: string, style: TextStyle): string {
    const { font } = (this.use(style) as WithFont)._font;
    const line = readableText(text, (codePoint) => font.hasGlyphForCodePoint(codePoint));
    this.lettersMissing ||= line.includes(missingLetter);
    return line;
  }

  private use({ bold = false, size = standardSize }: TextStyle): PDFKit.PDFDocument {
    return this.document.font(bold ? 'bold' : 'regular').fontSize(size);
  }

  private decoration(draw: () => void): void {
    this.document.markContent('Artifact');
    draw();
    this.document.endMarkedContent();
  }
}
