import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PdfText {
  text: string;
  left: number;
  right: number;
  /** Of the base line, from the bottom. */
  y: number;
}

/** What a reader of PDF finds on the first page, and what the document says of itself. */
export async function readPdf(pdf: Uint8Array) {
  const document = await getDocument({ data: new Uint8Array(pdf), useSystemFonts: false }).promise;
  const page = await document.getPage(1);
  const { items, lang } = await page.getTextContent();
  const texts = items.flatMap((item): PdfText[] => {
    if (!('str' in item) || item.str.trim() === '') return [];
    const [left, y] = [item.transform[4] as number, item.transform[5] as number];
    return [{ text: item.str, left, right: left + item.width, y }];
  });
  const { info } = await document.getMetadata();
  const [, , width, height] = page.view as [number, number, number, number];
  const words = texts.map(({ text }) => text);
  return { pages: document.numPages, page, texts, words, lang, info, width, height };
}
