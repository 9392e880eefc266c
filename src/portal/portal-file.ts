import { Document, isNode, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { languagesFit, portalFields, stageFields, stageFits } from './portal-input.ts';

const { code, name, country, timeZone, ...others } = portalFields;
const { stage, transferredTo } = stageFields;
/** A portal as its file tells it: what `savePortal` takes, and its stage, which stays as it is where the file is silent. */
const portalFile = z
  .strictObject({ code, name, country, timeZone, stage: stage.optional(), transferredTo, ...others })
  .check(languagesFit)
  .check(stageFits);
export type PortalEntry = z.output<typeof portalFile>;

/** Something wrong in a file: where, and a sentence that names the remedy. */
export type FileFault = { file: string; line: number | null; path: string; message: string };

/** Reads the YAML of one portal's file: the portal, or every fault of it. */
export function readPortalFile(file: string, yaml: string): { portal: PortalEntry } | { faults: FileFault[] } {
  const lines = new LineCounter();
  // Without YAML's numbers, so that 0800116 and +254700 stay the telephone numbers that they are.
  const document = parseDocument(yaml, {
    schema: 'failsafe',
    customTags: ['null', 'bool'],
    lineCounter: lines,
    prettyErrors: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const faults: FileFault[] = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    file,
    line: lineAt(pos[0]),
    path: '',
    message: code === 'MULTIPLE_DOCS' ? 'One file holds one portal: put the others into files of their own.' : message,
  }));
  visit(document, {
    Alias: (_key, { range }) => {
      const message = 'Write this out here: the file of a portal has no aliases.';
      faults.push({ file, line: range ? lineAt(range[0]) : null, path: '', message });
    },
  });
  if (faults.length > 0) return { faults };

  const read = portalFile.safeParse(document.toJS(), { error: remedyOf });
  if (read.success) return { portal: read.data };
  const lineOf = (path: PropertyKey[]): number | null => {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return lineAt(node.range[0]);
    return path.length === 0 ? null : lineOf(path.slice(0, -1));
  };
  const told = read.error.issues.map(({ path, message }) => ({
    file,
    line: lineOf(path),
    path: path.join('.'),
    message,
  }));
  return { faults: told.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** Writes a portal's file: the same text for the same portal, and nothing that goes without saying. */
export function writePortalFile(portal: PortalEntry): string {
  const said = {
    code: portal.code,
    name: portal.name,
    country: portal.country,
    timeZone: portal.timeZone,
    stage: portal.stage,
    transferredTo: portal.transferredTo,
    launchedOn: portal.launchedOn?.toISOString().slice(0, 10),
    audience: portal.audience === 'PUBLIC' ? null : portal.audience,
    sandbox: portal.sandbox || null,
    defaultLanguage: portal.defaultLanguage,
    languages: portal.languages,
    partnerNames: portal.partnerNames,
    emergencyNumber: portal.emergencyNumber,
    helpLines: portal.helpLines.map(({ name, telephone, website, hours }) => ({ name, telephone, website, hours })),
    texts: portal.texts.map(({ language, name, introduction }) => ({ language, name, introduction })),
    accentColour: portal.accentColour,
    exitAddress: portal.exitAddress,
    origins: portal.origins,
  } satisfies Record<keyof PortalEntry, unknown>;
  const document = new Document(said, (_key, value) => (isSilent(value) ? undefined : value));
  for (const key of ['languages', 'partnerNames', 'origins']) {
    const list = document.get(key);
    if (isSeq(list)) list.flow = true;
  }
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

function isSilent(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

// The words of zod for what GraphQL's types have caught before `savePortal` is called.
function remedyOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `Take ${issue.keys.join(', ')} out, or spell it as in README.md.`;
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'Add this: a portal cannot do without it.';
  const remedies: Record<string, string> = {
    string: 'Write text here, in quotes where it is the word true, false or null.',
    array: 'Write a list here, one entry a line, each after a hyphen.',
    boolean: 'Write true or false here.',
    object: 'Write lines such as "name: …" here.',
  };
  return remedies[issue.expected];
}
