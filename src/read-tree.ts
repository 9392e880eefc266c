import { type Sql, sql, write } from './db.ts';
import { getDatamodel } from './generated/pothos.ts';
import { read } from './replicas.ts';

/** Which columns and relations of a row are wanted, as Pothos asks Prisma for them. */
export type Tree = { select?: object | undefined; include?: object | undefined };
/** The columns that are enough of each model's rows where all would be read; all of those that it does not name. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>;
/**
 * What is wanted of a row: Pothos's query, the columns that are enough where it would read all, and lists `besides`, each under a name of
 * its own. `whole` rows are marked: they hold all that their operation asks of them.
 */
export type Wanted = { query: Tree; enough: Columns; besides?: readonly Besides[]; whole?: boolean };
/** A part of a list of a row's relation; whoever reads rows otherwise leaves it out. */
export type Besides = { name: string; relation: string; tree: Tree & { orderBy: object[]; take: number } };

const WHOLE = Symbol('whole');

/** Whether a row was read as `whole`, so that nothing of it need be looked for elsewhere. */
export function isWhole(row: unknown): boolean {
  return (row as { [WHOLE]?: true } | null)?.[WHOLE] === true;
}

type Parts = Record<string, unknown>;
type Node = { select?: Parts; include?: Parts; where?: Parts; orderBy?: Parts | Parts[]; take?: number };
type Decode = (json: unknown) => unknown;
type Column = { name: string; sql: string; decode: Decode | null };
/** A relation to one row goes from our `key` to their id; one to many from our id to their `key`. */
type Relation = { name: string; model: string; toMany: boolean; key: string };
type Model = { name: string; table: string; columns: Column[]; relations: Map<string, Relation> };

/** Postgres's functions take so many arguments. */
const MOST_ARGUMENTS = 100;
const UNKNOWN = new Error('Prisma is to be asked.');
const comparisons: Record<string, string> = { equals: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** What clients ask for often has few forms; each that is kept costs every connection memory, so that one is kept at its third time. */
const MOST_NAMES = 200;
const OFTEN = 3;
const names = new Map<string, string>();
const asked = new Map<string, number>();

/**
 * Reads rows `t` of a model's table with all that is wanted of them, in one statement: Postgres builds JSON, and of that come the
 * very values that Prisma gives, whose own work would be the most of the whole. `from` says which: what follows FROM. The plan is
 * kept unless it hangs on what is filled in (`plannedAnew`). `also` is worked out of all rows together (each is `f.t`) by the same
 * statement, on the primary: what a look leaves behind. Null for what is not known here (a count, a condition on a relation):
 * that is for Prisma. No text of a request becomes text of the statement.
 */
export async function readRows<Row extends object>(
  model: string,
  { query, enough, besides = [], whole: isWhole = false }: Wanted,
  from: Sql,
  { plannedAnew = false, also }: { plannedAnew?: boolean; also?: Sql } = {},
): Promise<Row[] | null> {
  const texts = [''];
  const values: unknown[] = [];
  const statement: Statement = {
    enough,
    whole: isWhole,
    add: (text) => {
      texts[texts.length - 1] += text;
    },
    fill: (value) => {
      values.push(value);
      texts.push('');
    },
  };
  const decode = addKnownRow(statement, model, query as Node, besides);
  if (!decode) return null;
  const row = sql(texts, ...values);
  const nameOf = (text: string) => (plannedAnew ? null : keptName(text));
  if (!also) {
    const plain = sql`SELECT ${row} AS row FROM ${from}`;
    return (await read<{ row: unknown }>(nameOf(plain.text), plain)).map((found) => decode(found.row) as Row);
  }
  const together = sql`SELECT coalesce(json_agg(f.row), '[]') AS rows, ${also} AS also FROM (SELECT ${row} AS row, t FROM ${from}) f`;
  const [found] = await write<{ rows: unknown[] }>(nameOf(together.text), together);
  return (found?.rows ?? []).map((each) => decode(each) as Row);
}

function keptName(text: string): string | null {
  const given = names.get(text);
  if (given) return given;
  const times = (asked.get(text) ?? 0) + 1;
  asked.delete(text);
  if (times < OFTEN || names.size >= MOST_NAMES) {
    asked.set(text, times);
    const [oldest] = asked.keys();
    if (asked.size > MOST_NAMES && oldest !== undefined) asked.delete(oldest);
    return null;
  }
  const name = `rows_${names.size}`;
  names.set(text, name);
  return name;
}

function addKnownRow(statement: Statement, model: string, node: Node, besides: readonly Besides[]): Decode | null {
  try {
    return addRow(statement, modelOf(model), 't', node, besides);
  } catch (error) {
    if (error === UNKNOWN) return null;
    throw error;
  }
}

/** A statement as it grows: its own text, and values, which stay parameters. */
type Statement = { enough: Columns; whole: boolean; add: (text: string) => void; fill: (value: unknown) => void };

function addRow(
  statement: Statement,
  model: Model,
  alias: string,
  { select, include, ...rest }: Node,
  besides: readonly Besides[] = [],
): Decode {
  const wanted = select ?? include ?? {};
  const enough = select ? new Set(Object.keys(select)) : statement.enough.get(model.name);
  const columns = enough ? model.columns.filter(({ name }) => enough.has(name)) : model.columns;
  const relations = Object.entries(wanted).flatMap(([name, node]) => {
    const relation = model.relations.get(name);
    if (relation) return node ? [{ name, relation, statement, node: node === true ? {} : (node as Node) }] : [];
    if (select && columns.some((column) => column.name === name)) return [];
    throw UNKNOWN;
  });
  for (const { name, relation: of, tree } of besides) {
    const relation = model.relations.get(of);
    if (!relation) throw UNKNOWN;
    // Their rows are nobody's plan but whoever wanted them.
    relations.push({ name, relation, statement: { ...statement, whole: false }, node: tree as Node });
  }
  if (Object.keys(rest).length > 0) throw UNKNOWN;
  if (columns.length + relations.length > MOST_ARGUMENTS) throw UNKNOWN;

  statement.add(`json_build_array(${columns.map((column) => `${alias}.${column.sql}`).join(', ')}`);
  const fields: [name: string, decode: Decode | null][] = columns.map(({ name, decode }) => [name, decode]);
  for (const [index, { name, relation, statement: below, node }] of relations.entries()) {
    if (columns.length + index > 0) statement.add(', ');
    fields.push([name, addRelation(below, relation, alias, `${alias}_${index}`, node)]);
  }
  statement.add(')');
  const { whole } = statement;
  return (json) => {
    if (json === null) return null;
    const row: Record<string | symbol, unknown> = whole ? { [WHOLE]: true } : {};
    let place = 0;
    for (const [name, decode] of fields) {
      const value = (json as unknown[])[place++];
      row[name] = decode === null ? value : decode(value);
    }
    return row;
  };
}

function addRelation(statement: Statement, relation: Relation, owner: string, alias: string, node: Node): Decode {
  const { add } = statement;
  const model = modelOf(relation.model);
  add(relation.toMany ? "(SELECT coalesce(json_agg(r.row), '[]') FROM (SELECT " : '(SELECT ');
  const { where, orderBy, take, ...tree } = node;
  const decode = addRow(statement, model, alias, tree);
  add(` AS row FROM ${model.table} ${alias} WHERE `);
  const order = [orderBy ?? []].flat().flatMap((part) => Object.entries(part));
  const terms = order.map(([name, direction]) => `${alias}.${columnOf(model, name)} ${directionOf(direction)}`);
  const key = `${alias}.${relation.key}`;
  if (!relation.toMany) add(`${alias}.id = ${owner}.${relation.key}`);
  else if (take === undefined || terms.length === 0) add(`${key} = ${owner}.id`);
  else {
    // The first of many: as a range of one, so that Postgres expects many and reads them in the order of the index.
    add(`${key} >= ${owner}.id AND ${key} <= ${owner}.id`);
    terms.unshift(key);
  }
  for (const [name, condition] of Object.entries(where ?? {})) addCondition(statement, model, alias, name, condition);
  if (terms.length > 0) add(` ORDER BY ${terms.join(', ')}`);
  if (take !== undefined) {
    // Part of the text, so that Postgres plans for it.
    if (!Number.isSafeInteger(take) || take < 0) throw UNKNOWN;
    add(` LIMIT ${take}`);
  }
  add(relation.toMany ? ') r)' : ')');
  return relation.toMany ? (json) => (json as unknown[]).map(decode) : decode;
}

function addCondition({ add, fill }: Statement, model: Model, alias: string, name: string, condition: unknown): void {
  const column = `${alias}.${columnOf(model, name)}`;
  if (condition === null) {
    add(` AND ${column} IS NULL`);
    return;
  }
  const isValue = typeof condition !== 'object' || condition instanceof Date;
  for (const [operator, value] of Object.entries(isValue ? { equals: condition } : (condition as Parts))) {
    if (!Object.hasOwn(comparisons, operator) || value === null || value === undefined) throw UNKNOWN;
    add(` AND ${column} ${comparisons[operator]} `);
    fill(value);
  }
}

function columnOf({ columns }: Model, name: string): string {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw UNKNOWN;
  return column.sql;
}

function directionOf(direction: unknown): string {
  if (direction === 'asc') return 'ASC';
  if (direction === 'desc') return 'DESC';
  throw UNKNOWN;
}

const { models } = getDatamodel().datamodel;
const known = new Map<string, Model>();

// The schema maps every name to its form with underscores (a test holds it to that), and a table is the plural of its model.
function modelOf(name: string): Model {
  const found = known.get(name);
  if (found) return found;
  const fields = models[name]?.fields ?? [];
  const model: Model = {
    name,
    table: `${underscored(name.charAt(0).toLowerCase() + name.slice(1))}s`,
    columns: fields
      .filter(({ kind }) => kind !== 'object')
      .map(({ name: field, type, isList }) => ({
        name: field,
        sql: `"${underscored(field)}"`,
        decode: isList ? listed : (decoders[type] ?? null),
      })),
    relations: new Map(
      fields.filter(({ kind }) => kind === 'object').map((field) => [field.name, relationOf(name, field)]),
    ),
  };
  known.set(name, model);
  return model;
}

type Field = { name: string; type: string; relationName?: string | undefined; relationFromFields?: readonly string[] };

function relationOf(owner: string, { name, type, relationName, relationFromFields: [ours] = [] }: Field): Relation {
  const back = models[type]?.fields.find((field) => field.type === owner && field.relationName === relationName);
  const [theirs = ''] = back?.relationFromFields ?? [];
  return { name, model: type, toMany: ours === undefined, key: underscored(ours ?? theirs) };
}

const underscored = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const decoders: Record<string, Decode> = {
  DateTime: (json) => (json === null ? null : new Date(json as string)),
  BigInt: (json) => (json === null ? null : BigInt(json as number)),
  // As Postgres writes bytes in JSON: \x and their hexadecimal digits.
  Bytes: (json) => (json === null ? null : new Uint8Array(Buffer.from((json as string).slice(2), 'hex'))),
};
const listed: Decode = (json) => json ?? [];
