import { setImmediate } from 'node:timers/promises';
import { CreateContract, DomainError, type FieldError } from '@countinghouse/contracts';
import { validated } from '@countinghouse/service';
import { type ContractTerms, contractProblems, termsOf } from './contract-rules.js';
import type { ContractLine } from './contracts-file.js';
import type { LineProblem } from './line-problems.js';

/** A contract as a line of a file gives it. */
export type GivenContract = ContractTerms & { line: number };

/** So many lines are checked at a time; others get their answers in between. */
const atOnce = 500;

/** The contracts of lines, by the rules of a single contract, and what is wrong with the lines that break them. */
export async function givenContracts(
  lines: readonly ContractLine[],
): Promise<{ contracts: GivenContract[]; problems: LineProblem[] }> {
  const contracts: GivenContract[] = [];
  const problems: LineProblem[] = [];
  for (const [at, { line, cells }] of lines.entries()) {
    if (at % atOnce === 0) await setImmediate();
    const { terms, wrong } = readTerms(cells);
    if (terms) contracts.push({ ...terms, line });
    problems.push(...wrong.map((problem) => ({ line, ...problem })));
  }
  return { contracts, problems };
}

function readTerms(cells: ContractLine['cells']): { terms?: ContractTerms; wrong: FieldError[] } {
  const { userId, aliases, from, to, ...others } = cells;
  try {
    const terms = termsOf(
      validated(CreateContract, {
        ...others,
        userId: userId.toLowerCase(),
        ...(aliases && { aliases: aliases.split('|').map((alias) => alias.trim()) }),
        ...(from && { from }),
        ...(to && { to }),
      }),
    );
    return { terms, wrong: contractProblems(terms) };
  } catch (error) {
    if (error instanceof DomainError && error.reply.details) return { wrong: error.reply.details };
    throw error;
  }
}
