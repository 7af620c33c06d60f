import { DomainError, royalties, type Statement } from '@countinghouse/contracts';
import { eventually } from '@countinghouse/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, bearer, type RunningGateway, startGateway, tokenOf } from './outside.js';

let gateway: RunningGateway;
let url: string;
let states: (Partial<Statement> | DomainError)[];

beforeEach(async () => {
  gateway = await startGateway();
  await gateway.app.listen(0, '127.0.0.1');
  url = `${await gateway.app.getUrl()}/royalties/statements/12/progress`;
  gateway.services.answer(royalties.getStatement, () => {
    const next = states.length > 1 ? states.shift()! : states[0]!;
    if (next instanceof DomainError) throw next;
    return { id: 12, net: '1.50', royalties: '0', ...next } as Statement;
  });
});
afterEach(() => gateway.stop());

const reading = { state: 'reading', progress: 40 } as const;
const completed = { state: 'completed', progress: 100 } as const;

describe('the progress of a statement', () => {
  it('is told with each change until the statement has ended', async () => {
    states = [{ state: 'received', progress: 0 }, reading, reading, completed];
    const answer = await fetch(url, { headers: await bearer(admin) });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(await answer.text()).toBe(
      'event: progress\ndata: {"id":12,"net":1.50,"royalties":0,"state":"received","progress":0}\n\n' +
        'event: progress\ndata: {"id":12,"net":1.50,"royalties":0,"state":"reading","progress":40}\n\n' +
        'event: completed\ndata: {"id":12,"net":1.50,"royalties":0,"state":"completed","progress":100}\n\n',
    );
  });

  it('goes on after a restart of the service', async () => {
    states = [reading, new DomainError('unavailable', 'away'), completed];
    const answer = await fetch(url, { headers: await bearer(admin) });
    expect(await answer.text()).toMatch(/event: progress[^]*event: completed/);
  });

  it('of a statement that there is not is 404', async () => {
    states = [new DomainError('not_found', 'Statement not found')];
    expect((await fetch(url, { headers: await bearer(admin) })).status).toBe(404);
  });

  it('is not asked for any more when the caller has gone', async () => {
    states = [reading];
    const caller = new AbortController();
    const answer = await fetch(url, { headers: await bearer(admin), signal: caller.signal });
    await answer.body?.getReader().read();
    caller.abort();
    await eventually(async () => {
      const { length } = gateway.services.asked;
      await new Promise((resolve) => setTimeout(resolve, 1100));
      expect(gateway.services.asked).toHaveLength(length);
    });
  });

  it('ends when the token that opened it ends', async () => {
    states = [reading];
    const exp = Math.floor(Date.now() / 1000) + 2;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${await tokenOf(admin, { exp })}` } });
    expect(await answer.text()).toContain('event: progress');
  });

  it('ends when the gateway stops', async () => {
    states = [reading];
    const answer = await fetch(url, { headers: await bearer(admin) });
    const told = answer.text();
    await gateway.app.close();
    expect(await told).toContain('event: progress');
  });
});
