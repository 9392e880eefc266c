import { type Ask, type OperationName, type Operations, operationNames, type Setting } from './contender.ts';
import { documents } from './documents.ts';
import { openConnection } from './http-connection.ts';
import type { Identity } from './identity.ts';

const REFUSED = /"code":"(UNAUTHENTICATED|FORBIDDEN|INTROSPECTION_DISABLED|GRAPHQL_VALIDATION_FAILED)"/;

/**
 * Asks the platform for each operation as everybody who must not have it, as the first client would otherwise ask. Gives what was
 * answered all the same: for each such operation, as whom. Nothing of it may be measured.
 */
export async function refusalFaults(
  operations: Operations,
  port: number,
  setting: Setting,
  identity: Identity,
): Promise<Map<OperationName, string>> {
  const strangers = await wrongTokens(identity);
  const faults = new Map<OperationName, string>();
  const connection = await openConnection(port);
  for (const name of operationNames) {
    const [ask] = operations[name]?.asks ?? [];
    if (!ask) continue;
    // An even number reports a new address: nothing that anybody knows of.
    const rightful = ask(setting, { serial: 0, client: 0, answers: [] });
    for (const { who, may, token } of strangers) {
      if (may.includes(name)) continue;
      const probe = name === 'empty' ? introspection(rightful) : rightful;
      const { authorization: _right, ...headers } = probe.headers ?? {};
      const { body: bytes } = await connection.send({
        ...probe,
        headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
      });
      const body = bytes.toString();
      if (!REFUSED.test(body) || /"data":\{"\w+":[^n]/.test(body)) faults.set(name, `answered to ${who}`);
    }
  }
  connection.close();
  return faults;
}

type Stranger = { who: string; token: string | null; may: OperationName[] };

async function wrongTokens(identity: Identity): Promise<Stranger[]> {
  const of = async (subject: string, may: OperationName[]): Promise<Stranger> => ({
    who: subject,
    token: await identity.tokenOf(subject),
    may,
  });
  const genuine = await identity.tokenOf('analyst');
  const [head, , signature] = genuine.split('.');
  const [, otherClaims] = (await identity.tokenOf('partner-ke')).split('.');
  return [
    { who: 'nobody', token: null, may: ['submit'] },
    { who: 'a forged token', token: `${head}.${otherClaims}.${signature}`, may: [] },
    { who: 'an expired token of an analyst', token: await identity.tokenOf('analyst', { expired: true }), may: [] },
    { who: 'an expired token of a partner', token: await identity.tokenOf('partner-ke', { expired: true }), may: [] },
    await of('nobody-that-we-know', []),
    await of('partner-ke', ['submit', 'figures', 'figuresFirst', 'empty']),
    await of('partner-ug', ['submit', 'empty']),
    await of('industry', ['submit', 'empty']),
    await of('checker', ['submit', 'empty']),
    await of('analyst', ['submit', 'queue', 'case', 'claim', 'empty']),
  ];
}

// Anybody may ask for `__typename`; what stands behind it is for nobody without an account.
function introspection(rightful: Ask): Ask {
  const query = documents.empty.replace('__typename', '__schema { types { name } }');
  return { ...rightful, body: JSON.stringify({ query }) };
}
