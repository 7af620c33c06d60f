// Uploads a statement to the running product and says how much memory its royalties service took at the most.
import { openAsBlob, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { owned } from './statement-file.mjs';

export const throughTheProduct = async ({ url, adminEmail, adminPassword, pid }, path) => {
  let token;
  const send = async (method, address, body, headers = { 'content-type': 'application/json' }) => {
    const response = await fetch(url + address, {
      method,
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      body,
    });
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const post = (address, body) => send('POST', address, JSON.stringify(body));
  const login = async (email, password) => (token = (await post('/auth/login', { email, password })).access_token);

  await login(adminEmail, adminPassword);
  const admin = { email: 'admin@bench.example', password: 'bench-password-1', firstName: 'Ada', lastName: 'Admin' };
  await post('/tenant', { name: 'Bench', currency: 'EUR', timeZone: 'Europe/Berlin', admin });
  await login(admin.email, admin.password);
  const owner = { email: 'owner@bench.example', firstName: 'Olga', lastName: 'Owner', roles: ['member'] };
  const { id: userId } = await post('/user', owner);
  const [match, ...aliases] = owned;
  await post('/royalties/contracts', { userId, scope: 'label', match, aliases, sharePercent: '75' });

  const start = performance.now();
  const query = 'distributor=KONTOR&reportingMonth=202508';
  const file = await openAsBlob(path);
  const { id } = await send('POST', `/royalties/statements?${query}`, file, { 'content-type': 'text/csv' });
  for (;;) {
    const { state, error } = await send('GET', `/royalties/statements/${id}`);
    if (state === 'completed') break;
    if (state === 'failed') throw new Error(error);
    await delay(1_000);
  }
  const seconds = (performance.now() - start) / 1000;
  const [, peakKiB] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid('royalties')}/status`, 'utf8'));
  return { seconds, peakMiB: Number(peakKiB) / 1024 };
};
