import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMONSTRATION_ACCESS_CODE, examples } from '../../src/graphql/examples.ts';
import { type As, type Platform, startPlatform } from '../support/platform.ts';

describe('the examples of GraphiQL, on a new demonstration', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
    const { seed } = await import('../../prisma/seed.ts');
    expect(await seed(new Date())).toBe(true);
  });
  afterAll(() => platform.stop());

  // In the order of their tabs: each finds what the one before it left.
  it.each(examples(new Date()).map((example) => ({ ...example, title: example.query.split('\n')[0]?.slice(2) })))(
    'run as they are: $title',
    async ({ account, query, variables }) => {
      const { status, data, errors } = await platform.ask(query, variables ?? {}, (account ?? 'stranger') as As);
      expect({ status, errors }).toEqual({ status: 200, errors: [] });
      const [result] = Object.values(data as Record<string, { __typename?: string }>);
      expect(result).toBeTruthy();
      expect(result?.__typename ?? '').not.toMatch(/Error$/);
    },
  );

  it('name the demonstration’s first report by its access code', async () => {
    const { firstReport } = await import('../../prisma/seed.ts');
    const { submitReport } = await import('../../src/report/submit-report.ts');
    // Sent again under its key it gives its receipt again. If this fails, put the new code into src/graphql/examples.ts.
    const { accessCode } = await submitReport({ viewer: null, operation: 'test' }, firstReport, new Date());
    expect(DEMONSTRATION_ACCESS_CODE).toBe(accessCode);
  });

  it('are made once: a second seeding changes nothing', async () => {
    const { prisma } = await import('../../src/db.ts');
    const { seed } = await import('../../prisma/seed.ts');
    const before = await prisma.auditEntry.count();
    expect(await seed(new Date())).toBe(false);
    expect(await prisma.auditEntry.count()).toBe(before);
  });
});
