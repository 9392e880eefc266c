import {
  type GraphQLField,
  type GraphQLResolveInfo,
  getArgumentValues,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Besides, Columns, Tree, Wanted } from '../read-tree.ts';
import { type ReachedField, reachedFields } from './reached-fields.ts';

type Info = Pick<GraphQLResolveInfo, 'schema' | 'operation' | 'fragments' | 'variableValues'>;
type Field = GraphQLField<unknown, unknown>;

/** The models of which only what is asked for is read, and what is read of their rows anyway: for cursors and blind review. */
const always: Record<string, readonly string[]> = {
  Account: [],
  Assessment: ['assessorId', 'round', 'at'],
  Case: ['id', 'number', 'priority', 'state', 'roundSince'],
  Claim: [],
  Portal: [],
};

/** What fields read of their row, where it is not the column of their own name. */
const reads: Record<string, readonly string[]> = {
  'Assessment.assessor': [],
  'Assessment.note': ['note'],
  'Assessment.taxonomy': ['taxonomyName', 'taxonomyVersion'],
  'Case.actions': [],
  'Case.allowedEvents': ['outcome', 'heldFrom'],
  'Case.appeals': [],
  'Case.assessments': [],
  'Case.bulk': [],
  'Case.claim': [],
  'Case.clock': [],
  'Case.clocks': [],
  'Case.defangedAddress': ['address'],
  'Case.delistingProposedBy': [],
  'Case.draft': [],
  'Case.handedTo': ['handedUntil'],
  'Case.handedUntil': ['handedUntil'],
  'Case.history': [],
  'Case.hosting': ['episodeNumber'],
  'Case.notes': [],
  'Case.observations': [],
  'Case.portalCount': ['portalIds'],
  'Case.reports': [],
  'Case.reviewReasons': ['reviewReasons'],
  'Case.route': ['episodeNumber', 'host'],
  'Case.traceRuns': [],
  'Case.traces': [],
  'Case.unicodeHost': ['host'],
  'Claim.by': [],
};

/** By this name a field of a model says what is to be read with its row, where an operation asks for it in one place. */
const READ_WITH_ROW = 'readWithRow';
type ReadWithRow = (args: Record<string, unknown>, info: Info) => Besides | null;

type Asked = {
  fields: Map<string, Set<string>>;
  columns: Columns;
  /** Fields of cases that say what is to be read with their row. */
  besides: { node: ReachedField['node']; field: Field; read: ReadWithRow }[];
  /** Whether no field is planned twice, so that what Pothos asks for is all that is needed. */
  plain: boolean;
};

const known = new WeakMap<OperationDefinitionNode, Asked>();

/** The fields of a type that an operation asks for, anywhere in it. */
export function fieldsAsked(info: Info, type: string): ReadonlySet<string> {
  return asked(info).fields.get(type) ?? new Set();
}

/** The columns that an operation needs of the rows of each model. Of a model with a field that is not understood here, all are. */
export function columnsAsked(info: Info): Columns {
  return asked(info).columns;
}

/** What is wanted of the cases of a field: Pothos's query for them, and what this operation lets one read with them. */
export function wantedOfCases(query: Tree, info: Info): Wanted {
  const { columns, besides, plain } = asked(info);
  const read = besides.map(({ node, field, read }) => read(getArgumentValues(field, node, info.variableValues), info));
  return { query, enough: columns, whole: plain, besides: read.filter((each) => each !== null) };
}

/** The mark of a field of cases that is read with their row; its resolver looks for it there first. */
export function readWithRow(read: ReadWithRow): Record<string, ReadWithRow> {
  return { [READ_WITH_ROW]: read };
}

/** Whether a field has that mark: it asks nothing of Pothos. */
export function isReadWithRow({
  extensions,
}: {
  extensions?: Readonly<Record<string, unknown>> | null | undefined;
}): boolean {
  return extensions?.[READ_WITH_ROW] !== undefined;
}

function asked(info: Info): Asked {
  const found = known.get(info.operation);
  if (found) return found;
  const fields = new Map<string, Set<string>>();
  const result: Asked = { fields, columns: new Map(), besides: [], plain: true };
  const document = { kind: Kind.DOCUMENT, definitions: [info.operation, ...Object.values(info.fragments)] } as const;
  for (const { type, name, node, once } of reachedFields(info.schema, document, info.operation).fields) {
    fields.set(type, (fields.get(type) ?? new Set()).add(name));
    const owner = info.schema.getType(type);
    const field = isObjectType(owner) ? owner.getFields()[name] : undefined;
    if (!once && field?.extensions['pothosPrismaSelect']) result.plain = false;
    const read = field?.extensions[READ_WITH_ROW] as ReadWithRow | undefined;
    if (once && field && read && type === 'Case') result.besides.push({ node, field, read });
  }
  result.columns = columnsOf(info, fields, result.plain);
  known.set(info.operation, result);
  return result;
}

// Where Pothos may have to ask again, it does so by the rows' ids.
function columnsOf({ schema }: Info, fields: Map<string, Set<string>>, plain: boolean): Columns {
  const columns = new Map(
    Object.entries(always).map(([model, names]) => [model, new Set(plain ? names : ['id', ...names])]),
  );
  for (const [typeName, names] of fields) {
    const type = schema.getType(typeName);
    const model = type?.extensions['pothosPrismaModel'];
    if (!isObjectType(type) || typeof model !== 'string') continue;
    for (const name of names) {
      const read = columnsOfField(typeName, type.getFields()[name]);
      if (!read) columns.delete(model);
      for (const column of read ?? []) columns.get(model)?.add(column);
    }
  }
  return columns;
}

function columnsOfField(type: string, field: Field | undefined): readonly string[] | null {
  const exposed = field?.extensions['pothosExposedField'];
  if (typeof exposed === 'string') return [exposed];
  return (field && reads[`${type}.${field.name}`]) ?? null;
}
