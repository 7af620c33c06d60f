import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { type GroupedFile, groupsOf } from './grouped-file.js';

const group = (name: string, royalties: string, quantity = '1') => ({ name, royalties, quantity });

describe('the groups of a file', () => {
  const read = async (file: GroupedFile, text: string) =>
    Readable.from(groupsOf(file, Readable.from([Buffer.from(`\uFEFF${text}`)]))).toArray();

  it('have the names that the distributor wrote, whatever keeps spreadsheets from running them', async () => {
    const head = 'Release,UPC,Artist,Currency,Quantity,Royalties\r\n';
    const rows = `'=SUM(A1),4260123459598,"Ada ""Æ"", Co",EUR,2,12.5\r\n'Til,4260123459598,,EUR,1,1\r\n,4260123459598,,EUR,-1,-1\r\n`;
    expect(await read('releases', head + rows)).toEqual([
      group('=SUM(A1) – Ada "Æ", Co', '12.5', '2'),
      group("'Til", '1'),
      group('4260123459598', '-1', '-1'),
    ]);
    expect(await read('platforms', 'Platform,Currency,Quantity,Royalties\r\nSpotify,EUR,3,1.5\r\n')).toEqual([
      group('Spotify', '1.5', '3'),
    ]);
    expect(await read('countries', 'Country Code,Country,Currency,Quantity,Royalties\r\n')).toEqual([]);
  });

  it('are not to be had of a file that breaks off', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('the line is dead')) });
    await expect(Readable.from(groupsOf('platforms', broken)).toArray()).rejects.toThrow('the line is dead');
  });
});
