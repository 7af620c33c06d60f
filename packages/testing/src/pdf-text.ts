import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PdfText {
  text: string;
  /** Counted from 1. */
  sheet: number;
  left: number;
  right: number;
  /** Of the base line, from the bottom. */
  y: number;
}

/** What a reader of PDF finds on all its pages, and what the document says of itself. */
export async function readPdf(pdf: Uint8Array) {
  const document = await getDocument({ data: new Uint8Array(pdf), useSystemFonts: false }).promise;
  const texts: PdfText[] = [];
  for (let sheet = 1; sheet <= document.numPages; sheet++) {
    const { items } = await (await document.getPage(sheet)).getTextContent();
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [left, y] = [item.transform[4] as number, item.transform[5] as number];
      texts.push({ text: item.str, sheet, left, right: left + item.width, y });
    }
  }
  const page = await document.getPage(1);
  const { lang } = await page.getTextContent();
  const { info } = await document.getMetadata();
  const [, , width, height] = page.view as [number, number, number, number];
  const words = texts.map(({ text }) => text);
  return { pages: document.numPages, page, texts, words, lang, info, width, height };
}
