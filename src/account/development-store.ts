import type { Adapter, AdapterPayload } from 'oidc-provider';

/**
 * Makes the memory of the development identity provider: codes, grants and interactions live in this process until they expire.
 */
export function createDevelopmentStore(): (model: string) => Adapter {
  const rows = new Map<string, { payload: AdapterPayload; expiresAt: number }>();

  const live = (key: string): AdapterPayload | undefined => {
    const row = rows.get(key);
    return row && row.expiresAt > Date.now() ? row.payload : undefined;
  };
  const sweep = (doomed: (row: { payload: AdapterPayload; expiresAt: number }) => boolean) => {
    for (const [key, row] of rows) if (doomed(row)) rows.delete(key);
  };

  return (model) => ({
    async upsert(id, payload, lifetimeSeconds = Number.POSITIVE_INFINITY) {
      // Sessions are forgotten on purpose: each sign-in shows the list again, so that one can change roles.
      if (model === 'Session') return;
      sweep(({ expiresAt }) => expiresAt <= Date.now());
      rows.set(`${model}:${id}`, { payload, expiresAt: Date.now() + lifetimeSeconds * 1000 });
    },
    async find(id) {
      return live(`${model}:${id}`);
    },
    async consume(id) {
      const payload = live(`${model}:${id}`);
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      rows.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      sweep(({ payload }) => payload.grantId === grantId);
    },
    // Only sessions are sought by uid and only the device flow, which is off, by user code.
    async findByUid() {
      return undefined;
    },
    async findByUserCode() {
      return undefined;
    },
  });
}
