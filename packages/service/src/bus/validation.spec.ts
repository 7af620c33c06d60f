import { DomainError } from '@countinghouse/contracts';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import { validated } from './validation.js';

class Line {
  @IsString()
  text: string;
}

class Note {
  @IsString()
  title: string;

  @ValidateNested({ each: true })
  @Type(() => Line)
  lines: Line[];
}

const complaintsAbout = (value: unknown): string[] => {
  try {
    validated(Note, value);
    return [];
  } catch (error) {
    expect((error as DomainError).reply.code).toBe('bad_request');
    return (error as DomainError).reply.details?.map(({ field }) => field) ?? [];
  }
};

describe('a request', () => {
  it('is handed on as an instance of its class', () => {
    const note = validated(Note, { title: 'Åse 🎵', lines: [{ text: 'la' }] });
    expect(note).toBeInstanceOf(Note);
    expect(note).toEqual({ title: 'Åse 🎵', lines: [{ text: 'la' }] });
  });

  it('is refused with the path of every field that is wrong or unknown', () => {
    expect(complaintsAbout({ title: 1, lines: [{ text: 'la' }, { text: 2, mood: 'low' }] })).toEqual([
      'title',
      'lines.1.mood',
      'lines.1.text',
    ]);
  });

  it.each([
    ['U+0000', 'la\0la'],
    ['half a character', 'la\ud83c'],
    ['the other half', '\udfb5la'],
  ])('is refused with %s, which could not be stored', (_, text) => {
    expect(complaintsAbout({ title: 'ok', lines: [{ text: 'la' }, { text }] })).toEqual(['lines.1.text']);
  });
});
