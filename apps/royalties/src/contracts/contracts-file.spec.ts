import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readContractsFile } from './contracts-file.js';
import { givenContracts } from './given-contracts.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contracts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (content: string | Buffer) => {
  const path = join(folder, 'sent.csv');
  await writeFile(path, content);
  return readContractsFile(path, folder);
};
const given = async (content: string | Buffer) => {
  const { lines, problems } = await read(content);
  const checked = await givenContracts(lines);
  return { contracts: checked.contracts, problems: [...problems, ...checked.problems] };
};

const userId = '7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11';
const header = 'userId,scope,match,aliases,sharePercent,from,to';
const plain = { userId, scope: 'label', match: 'Größe', aliases: [], sharePercent: '75', from: null, until: null };

describe('a file of contracts', () => {
  it('has a contract in every line', async () => {
    const lines = [
      header,
      `${userId},label,"Polar, Records",Polar | Polar Rec.,62.125,202401,202501`,
      `${userId},track,DE-A62-25-00001,,100,,`,
      `${userId},release,4260123459598,04260123459598,0,202401,`,
    ];
    expect(await given(lines.join('\n'))).toEqual({
      problems: [],
      contracts: [
        {
          line: 2,
          userId,
          scope: 'label',
          match: 'Polar, Records',
          aliases: ['Polar', 'Polar Rec.'],
          sharePercent: '62.125',
          from: '202401',
          until: '202501',
        },
        { ...plain, line: 3, scope: 'track', match: 'DE-A62-25-00001', sharePercent: '100' },
        {
          ...plain,
          line: 4,
          scope: 'release',
          match: '4260123459598',
          aliases: ['04260123459598'],
          sharePercent: '0',
          from: '202401',
        },
      ],
    });
  });

  const short = (delimiter: string, lineEnd: string) =>
    ['MATCH', 'Share Percent', 'userid', 'Scope'].join(delimiter) +
    lineEnd +
    [' Größe ', '75', userId.toUpperCase(), 'label'].join(delimiter) +
    lineEnd;

  it.each<[string, string | Buffer]>([
    ['commas', short(',', '\n')],
    ['semicolons', short(';', '\r\n')],
    ['tabs', short('\t', '\n')],
    ['a byte order mark', `\uFEFF${short(';', '\n')}`],
    ['Windows-1252', Buffer.from(short(';', '\r\n'), 'latin1')],
    ['UTF-16', Buffer.from(`\uFEFF${short(';', '\r\n')}`, 'utf16le')],
    ['blank lines around', `\n${short(',', '\n')}\n  \n`],
    ['quotes', short(',', '\n').replaceAll(/[^,\n]+/g, '"$&"')],
  ])('is read with %s, its columns in any order', async (_, content) => {
    const line = String(content).startsWith('\n') ? 3 : 2;
    expect(await given(content)).toEqual({ problems: [], contracts: [{ ...plain, line }] });
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'The file is empty'],
    ['no lines', `${header}\n`, 'a header but no lines'],
    ['an image', '\x89PNG\r\n\x1a\n', 'a PNG image'],
    ['a missing column', `userId,scope,match\n${userId},label,A`, 'the column sharePercent is missing'],
    ['a column twice', `${header},Match\n`, 'the column match is there twice'],
    ['a column that means nothing', `${header.replace('from', 'form')}\n`, 'there is no column "form"'],
    ['a header that is not closed', `"userId,scope\n`, 'line 1: The line has a quote that is not closed'],
  ])('is refused with %s', async (_, content, complaint) => {
    await expect(read(Buffer.from(content, 'latin1'))).rejects.toMatchObject({
      reply: { code: 'bad_request', message: expect.stringContaining(complaint) },
    });
  });

  it('may have a hundred thousand lines, and not one more', async () => {
    const lines = `${userId},label,A,,1,,\n`.repeat(100_000);
    expect((await read(`${header}\n${lines}`)).lines.length).toBe(100_000);
    await expect(read(`${header}\n${lines}x\n`)).rejects.toMatchObject({
      reply: { code: 'too_large', message: 'The file has more than 100000 lines; import it in parts' },
    });
  });

  it.each<[string, string, number, string | undefined, string]>([
    ['no user', `x,label,A,,1,,`, 2, 'userId', 'userId must be a UUID'],
    ['no scope', `${userId},artist,A,,1,,`, 2, 'scope', 'scope must be one of'],
    ['no name', `${userId},label, ,,1,,`, 2, 'match', 'match must be longer'],
    ['no code', `${userId},track,A,,1,,`, 2, 'match', 'match is no ISRC'],
    ['an alias that is no code', `${userId},release,4260123459598,1|2,1,,`, 2, 'aliases.0', 'aliases.0 is no UPC'],
    ['an empty alias', `${userId},label,A,B|,1,,`, 2, 'aliases', 'each value in aliases must be longer'],
    ['no share', `${userId},label,A,,,,`, 2, 'sharePercent', 'sharePercent must be a decimal number from 0 to 100'],
    ['a comma in the share', `${userId},label,A,,"7,5",,`, 2, 'sharePercent', 'sharePercent must be a decimal'],
    ['no month', `${userId},label,A,,1,2024-01,`, 2, 'from', 'from must be a month written YYYYMM'],
    ['an empty time', `${userId},label,A,,1,202402,202402`, 2, 'to', 'to must be a month after from'],
    ['too many cells', `${userId},label,A,,1,,,`, 2, undefined, 'The line has 8 cells, the header 7'],
    ['a lost quote', `${userId},label,"A,,1,,`, 2, undefined, 'a quote that is not closed'],
    ['a zero byte', `${userId},label,A\0,,1,,`, 2, undefined, 'zero byte'],
  ])('says which line is wrong, and in which column: %s', async (_, line, at, field, complaint) => {
    const { contracts, problems } = await given(`${header}\n${line}\n${userId},label,Größe,,75,,\n`);
    expect(contracts.map(({ line }) => line).slice(-1)).toEqual([3]);
    const place = { line: at, ...(field && { field }), message: expect.stringContaining(complaint) };
    expect(problems).toContainEqual(place);
  });
});
