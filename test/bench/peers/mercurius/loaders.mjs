import DataLoader from 'dataloader';

const LISTS = ['traces', 'actions', 'observations', 'clocks'];

/**
 * What belongs to cases: each list by one statement for all cases of a request. Mercurius has loaders of its own, but they make a text of
 * the whole case, with its fields in order, to know it by: a quarter of the time of a page.
 */
export function createLoaders(ask) {
  const byCase = (name, give, ...values) =>
    new DataLoader(
      async (ids) => {
        const found = grouped(await ask(name, [ids, ...values]));
        return ids.map((id) => give(found.get(id) ?? []));
      },
      { cache: false },
    );
  const loaders = new Map();
  const loader = (key, create) => loaders.get(key) ?? loaders.set(key, create()).get(key);

  return {
    list: (name, id) => loader(name, () => byCase(name, (rows) => rows)).load(id),
    claim: (id) => loader('claims', () => byCase('claims', ([held = null]) => held)).load(id),
    reports: (id, first) =>
      loader(`reports ${first}`, () => byCase('reports', (rows) => pageOf(rows, first), first)).load(id),
  };
}

/** The resolvers of the lists that belong to a case. */
export const listsOfCase = Object.fromEntries(
  LISTS.map((name) => [name, ({ id }, _args, { loaders }) => loaders.list(name, id)]),
);

/** A page of rows, of which one more than asked for was read. */
export function pageOf(rows, first, cursor = ({ id }) => Buffer.from(String(id)).toString('base64url')) {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursor(node), node }));
  return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row.case_id);
    if (group) group.push(row);
    else groups.set(row.case_id, [row]);
  }
  return groups;
}
