import { Client, type ClientConfig } from 'pg';

/** One connection, opened when it is first needed and again when it has broken. */
export class LastingConnection {
  private opening: Promise<Client> | null = null;

  /** @param prepare what each new connection needs before it is used */
  constructor(
    private readonly settings: ClientConfig,
    private readonly prepare: (client: Client) => Promise<void> = async () => {},
  ) {}

  get(): Promise<Client> {
    if (this.opening) return this.opening;
    const client = new Client(this.settings);
    const opening = client
      .connect()
      .then(() => this.prepare(client))
      .then(() => client);
    const forget = () => {
      if (this.opening === opening) this.opening = null;
    };
    client.on('error', forget).on('end', forget);
    opening.catch(() => {
      forget();
      return client.end();
    });
    this.opening = opening;
    return opening;
  }

  /** The connection if there is one just now. */
  async current(): Promise<Client | null> {
    return (await this.opening?.catch(() => null)) ?? null;
  }

  async close(): Promise<void> {
    await (await this.current())?.end();
  }
}
