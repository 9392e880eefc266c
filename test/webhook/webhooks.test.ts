import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { insertEdition } from '../support/published-editions.ts';
import { startWebhookServer } from '../support/webhook-server.ts';
import { webhookWork } from './webhook-work.ts';

const HOUR = 3_600;

let platform: Platform;
let server: Awaited<ReturnType<typeof startWebhookServer>>;
let work: Awaited<ReturnType<typeof webhookWork>>;
let year = 2000;
/** A month that no other test knows. */
let month: string;
beforeAll(async () => {
  server = await startWebhookServer();
  platform = await startPlatform({ WEBHOOK_LOOPBACK: 'true' });
  work = await webhookWork(platform);
});
beforeEach(async () => {
  year += 1;
  month = `${year}-10`;
  server.got.length = 0;
  server.state.answer = () => ({ status: 204 });
  await work.sql('DELETE FROM webhooks');
  await work.sql('DELETE FROM graphile_worker._private_jobs');
});
afterAll(async () => {
  await work.close();
  await platform.stop();
  await server.stop();
});

const publish = async (countries: string[], edition = 1) => {
  for (const country of countries) await insertEdition(work.client, { country, month, edition, reports: 120 });
  await work.announce(month);
};

describe('a webhook', () => {
  it('is told which months of the partner’s own countries were published, signed as Standard Webhooks says, with no figure', async () => {
    const { secret, webhook } = await work.save(`${server.url}/hook?for=us`);
    await publish(['KE', 'UG', 'MN']);
    await work.run();

    expect(server.got.map(({ path }) => path)).toEqual(['/hook?for=us']);
    const { headers, body } = server.got[0]!;
    const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(verified).toEqual({
      type: 'statistics.month_published',
      timestamp: `${new Date().toISOString().slice(0, 10)}T00:00:00Z`,
      data: {
        month,
        countries: [{ country: 'KE', edition: 1, url: `${platform.url}/partner/KE?month=${month}` }],
      },
    });
    expect(headers['content-type']).toBe('application/json');
    const [shown] = await work.webhooks();
    expect(shown).toMatchObject({ id: webhook.id, disabledOn: null });
    expect(shown.deliveries).toEqual([
      { id: headers['webhook-id'], kind: 'MONTH_PUBLISHED', month, state: 'DELIVERED', attempts: 1, status: 204 },
    ]);
    expect(() => new Webhook(secret).verify(body.replace('KE', 'UG'), headers as Record<string, string>)).toThrow();
  });

  it('has a secret that is shown once and kept sealed', async () => {
    const { secret } = await work.save(server.url);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [row] = await work.sql('SELECT encode(secret, $1) AS secret, url FROM webhooks', ['escape']);
    expect(row.secret).not.toContain(secret.slice(6, 30));
    expect(JSON.stringify(await work.webhooks())).not.toContain('whsec_');
    const { data } = await platform.ask('{ auditTrail(first: 5) { edges { node { action detail } } } }', {}, 'admin');
    expect(JSON.stringify(data)).toContain('SAVE_WEBHOOK');
    expect(JSON.stringify(data)).not.toMatch(/whsec_|127\.0\.0\.1/);
  });

  it('is told once of each edition, also where the announcement is repeated, and again of a correction', async () => {
    await work.save(server.url);
    await publish(['KE']);
    await work.announce(month);
    await work.run();
    await work.announce(month);
    await work.run();
    expect(server.got).toHaveLength(1);
    await publish(['UG']);
    await work.run();
    expect(server.got).toHaveLength(1);
    await publish(['KE'], 2);
    await work.run();
    expect(server.got.map(({ body }) => JSON.parse(body).data.countries[0].edition)).toEqual([1, 2]);
  });

  it('that fails is tried again, with the same id and body, after longer and longer waits, for three days', async () => {
    const { secret } = await work.save(server.url);
    const answers = [{ status: 500 }, 'CUT', { status: 302, location: `${server.url}/elsewhere` }] as const;
    server.state.answer = () => answers[server.got.length - 1] ?? { status: 503 };
    await publish(['KE']);
    const waits: number[] = [];
    for (let more = true; more; ) {
      await work.run();
      const [job] = await work.sql('SELECT extract(epoch FROM run_at - now()) AS wait FROM graphile_worker.jobs');
      if (job) waits.push(Math.round(Number(job.wait)));
      await work.sql('UPDATE graphile_worker._private_jobs SET run_at = now()');
      more = Boolean(job);
    }
    expect(waits).toEqual([5, 300, 30 * 60, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]);
    expect(server.got).toHaveLength(10);
    expect(new Set(server.got.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
    for (const { headers, body } of server.got) new Webhook(secret).verify(body, headers as Record<string, string>);
    expect((await work.webhooks())[0].deliveries).toMatchObject([{ state: 'FAILED', attempts: 10, status: 503 }]);
  });

  it('never follows a redirect', async () => {
    await work.save(`${server.url}/here`);
    server.state.answer = () => ({ status: 307, location: `${server.url}/there` });
    await publish(['KE']);
    await work.run();
    expect(server.got.map(({ path }) => path)).toEqual(['/here']);
    expect((await work.webhooks())[0].deliveries).toMatchObject([{ state: 'WAITING', attempts: 1, status: 307 }]);
  });

  it('can be sent a message again that failed or arrived, under the same id, and not while it is under way', async () => {
    await work.save(server.url);
    await publish(['KE']);
    const [{ deliveries }] = await work.webhooks();
    expect(await work.replay(deliveries[0].id)).toMatchObject({ issues: [{ code: 'UNDER_WAY' }] });
    await work.run();
    expect(await work.replay(deliveries[0].id)).toMatchObject({ state: 'WAITING' });
    await work.run();
    expect(server.got.map(({ headers }) => headers['webhook-id'])).toEqual([deliveries[0].id, deliveries[0].id]);
    expect((await work.webhooks())[0].deliveries).toMatchObject([{ state: 'DELIVERED', attempts: 1 }]);
  });

  it('is sent a message once more by whoever takes over from a process that died, and not again once that is kept', async () => {
    const { deliverWebhook } = await import('../../src/webhook/deliver-webhook.ts');
    await work.save(server.url);
    await publish(['KE']);
    const [{ deliveries }] = await work.webhooks();
    const { id } = deliveries[0];
    await deliverWebhook(id);
    await work.sql('UPDATE webhook_deliveries SET delivered_at = NULL, status = NULL');
    await work.run();
    await deliverWebhook(id);
    expect(server.got.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
  });

  it('is switched off at once by 410 Gone, with all that waits for it, and on again by a test that arrives', async () => {
    const { webhook } = await work.save(server.url);
    server.state.answer = () => ({ status: 410 });
    await publish(['KE']);
    await publish(['KE'], 2);
    await work.run();
    expect(server.got).toHaveLength(1);
    const [gone] = await work.webhooks();
    expect(gone.disabledOn).toBe(new Date().toISOString().slice(0, 10));
    expect(gone.deliveries.map(({ state }: { state: string }) => state)).toEqual(['FAILED', 'FAILED']);
    await publish(['KE'], 3);
    await work.run();
    expect(server.got).toHaveLength(1);

    server.state.answer = () => ({ status: 200 });
    expect(await work.test(webhook.id)).toMatchObject({ kind: 'TEST', state: 'WAITING' });
    await work.run();
    expect(JSON.parse(server.got[1]!.body)).toMatchObject({ type: 'webhook.test', data: {} });
    const [on] = await work.webhooks();
    expect(on.disabledOn).toBeNull();
    expect(on.deliveries[0]).toMatchObject({ kind: 'TEST', month: null, state: 'DELIVERED' });
    const { data } = await platform.ask('{ auditTrail(first: 20) { edges { node { action } } } }', {}, 'admin');
    const actions = data.auditTrail.edges.map(({ node }: { node: { action: string } }) => node.action);
    for (const action of ['DISABLE_WEBHOOK', 'TEST_WEBHOOK', 'WEBHOOK_DELIVERED', 'ANNOUNCE'])
      expect(actions).toContain(action);
  });

  it('is switched off after ten messages in a row that failed', async () => {
    const { webhook } = await work.save(server.url);
    const failed = (count: number) =>
      work.sql(
        `INSERT INTO webhook_deliveries (id, webhook_id, month, kind, created_at, failed_at, attempts)
         SELECT gen_random_uuid(), $1, '1999-01-01', 'MONTH_PUBLISHED', now() - interval '1 day', now(), 10 FROM generate_series(1, $2)`,
        [webhook.id, count],
      );
    server.state.answer = () => ({ status: 500 });
    await failed(8);
    for (const disabledOn of [null, new Date().toISOString().slice(0, 10)]) {
      await publish(['KE']);
      await work.sql('UPDATE webhook_deliveries SET attempts = 9 WHERE failed_at IS NULL');
      await work.run();
      expect((await work.webhooks())[0].disabledOn).toBe(disabledOn);
      year += 1;
      month = `${year}-10`;
    }
  });

  it('of one partner never waits for another’s, nor for another of the same', async () => {
    await work.save(`${server.url}/one`);
    await work.save(`${server.url}/two`);
    await work.save(`${server.url}/other`, 'partner-ug');
    await publish(['KE', 'UG']);
    const jobs = await work.sql(
      'SELECT queue_name, payload FROM graphile_worker.jobs JOIN graphile_worker._private_jobs USING (id)',
    );
    expect(new Set(jobs.map(({ queue_name }) => queue_name)).size).toBe(3);
    for (const { payload } of jobs) expect(Object.keys(payload)).toEqual(['deliveryId']);
  });

  it('is told nothing more once the agreement is over, not even what waited', async () => {
    await work.save(server.url);
    await publish(['KE']);
    await work.sql(`UPDATE partners SET agreement_until = current_date - 1 WHERE 'KE' = ANY (countries)`);
    await work.run();
    await publish(['KE'], 2);
    await work.run();
    await work.sql('UPDATE partners SET agreement_until = NULL');
    expect(server.got).toEqual([]);
    expect((await work.webhooks())[0].deliveries).toMatchObject([{ state: 'FAILED', attempts: 1 }]);
  });

  it('is its organisation’s own: others find none, a sixth is refused, and what is deleted is told nothing', async () => {
    const { webhook } = await work.save(server.url);
    await publish(['KE']);
    const [{ deliveries }] = await work.webhooks();
    for (const refused of [
      await work.test(webhook.id, 'partner-ug'),
      await work.remove(webhook.id, 'funder'),
      await work.replay(deliveries[0].id, 'partner-ug'),
      await work.remove('no id'),
    ])
      expect(refused).toMatchObject({ code: 'NOT_FOUND' });
    expect(await work.webhooks('partner-ug')).toEqual([]);
    for (let count = 1; count < 5; count += 1) await work.save(server.url);
    expect(await work.save(server.url)).toMatchObject({ issues: [{ path: ['input', 'url'], code: 'TOO_MANY' }] });
    expect(await work.remove(webhook.id)).toMatchObject({ __typename: 'Webhook' });
    expect(await work.webhooks()).toHaveLength(4);
  });
});
