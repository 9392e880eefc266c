import { type Sql, sql } from './db.ts';
import { getDatamodel } from './generated/pothos.ts';
import { read } from './replicas.ts';

/** Which columns and relations of a row are wanted, as Pothos asks Prisma for them. */
export type Tree = { select?: object | undefined; include?: object | undefined };
/** The columns that are enough of each model's rows where all would be read; all of those that it does not name. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>;
/** What is wanted of a row: Pothos's query, and the columns that are enough where it would read all. */
export type Wanted = { query: Tree; enough: Columns };

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

/** What clients ask for has few forms; each that is kept costs every connection memory. */
const MOST_NAMES = 200;
const names = new Map<string, string>();

/**
 * Reads rows `t` of a model's table with all that is wanted of them, in one statement: Postgres builds JSON, and of that come the
 * very values that Prisma gives, whose own work would be the most of the whole. `from` says which: what follows FROM. The plan is
 * kept unless it hangs on what is filled in (`plannedAnew`). Null for what is not known here (a count, a condition on a relation):
 * that is for Prisma. No text of a request becomes text of the statement.
 */
export async function readRows<Row extends object>(
  model: string,
  { query, enough }: Wanted,
  from: Sql,
  { plannedAnew = false } = {},
): Promise<Row[] | null> {
  const texts = [''];
  const values: unknown[] = [];
  const statement: Statement = {
    enough,
    add: (text) => {
      texts[texts.length - 1] += text;
    },
    fill: (value) => {
      values.push(value);
      texts.push('');
    },
  };
  const decode = addKnownRow(statement, model, query as Node);
  if (!decode) return null;
  const whole = sql`SELECT ${sql(texts, ...values)} AS row FROM ${from}`;
  const rows = await read<{ row: unknown }>(plannedAnew ? null : nameOf(whole.text), whole);
  return rows.map(({ row }) => decode(row) as Row);
}

function nameOf(text: string): string | null {
  const given = names.get(text);
  if (given) return given;
  if (names.size >= MOST_NAMES) return null;
  const name = `rows_${names.size}`;
  names.set(text, name);
  return name;
}

function addKnownRow(statement: Statement, model: string, node: Node): Decode | null {
  try {
    return addRow(statement, modelOf(model), 't', node);
  } catch (error) {
    if (error === UNKNOWN) return null;
    throw error;
  }
}

/** A statement as it grows: its own text, and values, which stay parameters. */
type Statement = { enough: Columns; add: (text: string) => void; fill: (value: unknown) => void };

function addRow(statement: Statement, model: Model, alias: string, { select, include, ...rest }: Node): Decode {
  const wanted = select ?? include ?? {};
  const enough = select ? new Set(Object.keys(select)) : statement.enough.get(model.name);
  const columns = enough ? model.columns.filter(({ name }) => enough.has(name)) : model.columns;
  const relations = Object.entries(wanted).flatMap(([name, node]) => {
    const relation = model.relations.get(name);
    if (relation) return node ? [{ relation, node: node === true ? {} : (node as Node) }] : [];
    if (select && columns.some((column) => column.name === name)) return [];
    throw UNKNOWN;
  });
  if (Object.keys(rest).length > 0) throw UNKNOWN;
  if (columns.length + relations.length > MOST_ARGUMENTS) throw UNKNOWN;

  statement.add(`json_build_array(${columns.map((column) => `${alias}.${column.sql}`).join(', ')}`);
  const fields: [name: string, decode: Decode | null][] = columns.map(({ name, decode }) => [name, decode]);
  for (const [index, { relation, node }] of relations.entries()) {
    if (columns.length + index > 0) statement.add(', ');
    fields.push([relation.name, addRelation(statement, relation, alias, `${alias}_${index}`, node)]);
  }
  statement.add(')');
  return (json) => {
    if (json === null) return null;
    const row: Record<string, unknown> = {};
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
  add(relation.toMany ? `${alias}.${relation.key} = ${owner}.id` : `${alias}.id = ${owner}.${relation.key}`);
  for (const [name, condition] of Object.entries(where ?? {})) addCondition(statement, model, alias, name, condition);
  const order = [orderBy ?? []].flat().flatMap((part) => Object.entries(part));
  const terms = order.map(([name, direction]) => `${alias}.${columnOf(model, name)} ${directionOf(direction)}`);
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
