// Looks for what must not be kept, in whatever form a program may have kept it.
import { createHash } from 'node:crypto';
import type pg from 'pg';

/** All of a database as text, by table and column: rows joined by line breaks, bytes as hexadecimal and as text. */
export async function databaseAsText(client: pg.Client): Promise<Map<string, string>> {
  const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
    `SELECT format('%I.%I', c.table_schema, c.table_name) AS table, quote_ident(c.column_name) AS column, c.data_type AS type
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const dump = new Map<string, string>();
  for (const { table, column, type } of columns) {
    const text =
      type === 'bytea' ? `encode(${column}, 'hex') || ' ' || encode(${column}, 'escape')` : `${column}::text`;
    const { rows } = await client.query<{ text: string | null }>(`SELECT ${text} AS text FROM ${table}`);
    dump.set(`${table.replace(/^public\./, '')}.${column}`, rows.map(({ text }) => text ?? '').join('\n'));
  }
  return dump;
}

/** Which of these secrets a text holds: as they are, encoded, or as a hash that anyone could make again and compare. */
export function tracesOf(secrets: Record<string, string>, text: string): string[] {
  const lower = text.toLowerCase();
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(formsOf(secret)).flatMap(([form, found]) => (lower.includes(found) ? [`${name}, ${form}`] : [])),
  );
}

function formsOf(secret: string): Record<string, string> {
  const bytes = Buffer.from(secret);
  const forms: Record<string, string> = {
    'as it is': secret,
    hexadecimal: bytes.toString('hex'),
    'in an address': encodeURIComponent(secret),
  };
  // Wherever in a longer text it begins, base64 writes it in one of three ways; the characters at its ends belong to its neighbours too.
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    forms[`base64, ${before} before`] = text.slice(before === 0 ? 0 : before + 1, -2);
    forms[`classic base64, ${before} before`] = text
      .slice(before === 0 ? 0 : before + 1, -2)
      .replaceAll('-', '+')
      .replaceAll('_', '/');
  }
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      forms[`${algorithm} in ${encoding}`] = createHash(algorithm).update(bytes).digest(encoding).replace(/=+$/, '');
    }
  }
  return Object.fromEntries(Object.entries(forms).map(([form, text]) => [form, text.toLowerCase()]));
}
