import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, VARCHAR } from '@duckdb/node-api';

/** What the engine may take of the machine. */
export interface EngineLimits {
  /** Beyond it DuckDB spills to the work folder. */
  memoryMiB?: number;
  /** For work that has run out of memory, which happens where something cannot be spilled: it is done again with this. */
  lastResortMiB?: number;
  threads?: number;
}

export type Row = Record<string, string | number | null>;

/**
 * One DuckDB that lives as long as a piece of work. Results are read as texts and doubles: a query casts its decimals
 * and big integers to VARCHAR, exactly, and its counts to DOUBLE.
 */
export class Database {
  constructor(
    private readonly connection: DuckDBConnection,
    /** Rows can be added while a result is being read. */
    private readonly adding: DuckDBConnection,
  ) {}

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  async rows<T extends Row>(sql: string): Promise<T[]> {
    return (await (await this.connection.run(sql)).getRowObjectsJS()) as T[];
  }

  async row<T extends Row>(sql: string): Promise<T> {
    const [row] = await this.rows<T>(sql);
    return row!;
  }

  /** The rows of a result in batches, which is what fits into memory of a large one. */
  async *batches<T extends unknown[]>(sql: string): AsyncGenerator<T[]> {
    const result = await this.connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getRows() as T[];
      // Else its texts stay until the next garbage collection, which knows nothing of their size.
      chunk.reset();
    }
  }

  /** Adds rows of texts to a table. */
  async append(table: string, rows: readonly (readonly (string | null)[])[]): Promise<void> {
    const appender = await this.adding.createAppender(table);
    for (let at = 0; at < rows.length; at += 2048) {
      const part = rows.slice(at, at + 2048);
      const chunk = DuckDBDataChunk.create(
        part[0]!.map(() => VARCHAR),
        part.length,
      );
      chunk.setRows(part);
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }
}

/** There is not enough memory even for the last resort. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';

  constructor(memoryMiB: number, cause: unknown) {
    super(
      `The line engine has run out of its ${memoryMiB} MiB of memory; the operator can give it more with ENGINE_MEMORY_MB`,
      { cause },
    );
  }
}

/**
 * Runs `work` with a DuckDB of its own that spills into `workDir`. Work that runs out of memory is begun again with the
 * last resort, so it must be able to write its files a second time.
 *
 * @throws OutOfMemory
 */
export async function withDuckDb<T>(
  workDir: string,
  { memoryMiB = 256, lastResortMiB = memoryMiB, threads = availableParallelism() }: EngineLimits,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  try {
    return await attempt(workDir, { memoryMiB, threads }, work);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    if (lastResortMiB > memoryMiB) return withDuckDb(workDir, { memoryMiB: lastResortMiB, threads: 1 }, work);
    throw new OutOfMemory(memoryMiB, error);
  }
}

/** It says the same of memory and of the disk that it spills to. */
const isOutOfMemory = (error: unknown): boolean =>
  isNativeError(error) && /^Out of Memory Error(?!.*max_temp_directory_size)/s.test(error.message);

async function attempt<T>(
  workDir: string,
  { memoryMiB, threads }: { memoryMiB: number; threads: number },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMiB}MiB`,
    threads: `${threads}`,
    temp_directory: join(workDir, 'spill'),
    // Memory that DuckDB is done with goes back to the system at once; it would keep half a gigabyte of it.
    allocator_bulk_deallocation_flush_threshold: '1MiB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const [connection, adding] = [await instance.connect(), await instance.connect()];
  try {
    return await work(new Database(connection, adding));
  } finally {
    connection.closeSync();
    adding.closeSync();
    instance.closeSync();
  }
}

/** A text as it stands in SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL of a decimal as text: its exact digits, zeros at the end dropped; 0 for NULL. Its type must have decimals. */
export const amountText = (decimal: string): string =>
  `coalesce(regexp_replace(CAST(${decimal} AS VARCHAR), '[.]?0*$', ''), '0')`;
