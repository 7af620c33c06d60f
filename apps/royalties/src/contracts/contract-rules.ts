import { isMonth } from '@countinghouse/calendar';
import type { ContractScope, CreateContract, FieldError } from '@countinghouse/contracts';
import { labelKey, matchingKeys, readGtin, type Reading, readIsrc } from '@countinghouse/catalogue';

/** What a contract says, whichever way it came. */
export interface ContractTerms {
  userId: string;
  scope: ContractScope;
  match: string;
  aliases: string[];
  sharePercent: string;
  /** First sales month, YYYYMM. */
  from: string | null;
  /** First sales month that is no longer covered, YYYYMM. */
  until: string | null;
}

export const termsOf = ({ userId, scope, match, aliases, sharePercent, from, to }: CreateContract): ContractTerms => ({
  userId,
  scope,
  match,
  aliases: aliases ?? [],
  sharePercent,
  from: from ?? null,
  until: to ?? null,
});

/** What is wrong with fields that are well-formed each: an empty time, codes and names that no line could ever have. */
export function contractProblems({ scope, match, aliases, from, until }: ContractTerms): FieldError[] {
  const problems: FieldError[] = [];
  if (isMonth(from) && isMonth(until) && from >= until) {
    const message = `to must be a month after from (${from}); it is the first month that is no longer covered`;
    problems.push({ field: 'to', message });
  }
  for (const [at, text] of [match, ...aliases].entries()) {
    const { value, problem = 'must not be empty' } = readers[scope](text);
    const field = at === 0 ? 'match' : `aliases.${at - 1}`;
    if (!value) problems.push({ field, message: `${field} ${problem}` });
  }
  return problems;
}

/** What the contract owns, in the form that lines are compared with. */
export const keysOf = ({ scope, match, aliases }: ContractTerms): string[] => matchingKeys(scope, [match, ...aliases]);

export const overlapMessage = ({ scope }: ContractTerms, other: { id: number; match: string }): string =>
  `Contract ${other.id} owns ${scope} "${other.match}" in an overlapping time; end it first or choose other months`;

const readers: Record<ContractScope, (text: string) => Reading> = {
  track: readIsrc,
  release: readGtin,
  label: (text) => ({ value: labelKey(text) }),
};
