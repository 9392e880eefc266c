import { basename, extname } from 'node:path';
import type { FileFault, PortalEntry } from './portal-file.ts';
import { lineOfFault, type NamedPortal, type ReadPortals } from './portal-files.ts';

/** A language of the pages: whether a person who speaks it has looked at its texts, who, and on which day. */
export type ReviewedLocale = {
  tag: string;
  review: { state: 'DRAFTED' | 'REVIEWED'; by: string | null; on: string | null };
};

/** Something that a portal should not go live with: a fault is wrong, a warning may be meant. */
export type Finding = FileFault & { level: 'fault' | 'warning' };
type Remark = Omit<Finding, 'file' | 'line'>;
type Circumstances = { locales: readonly ReviewedLocale[]; today: string };

/** All that is to be said of portals that were read, a line each, with the review of every locale; and how many faults there are. */
export function lintReport(
  { portals, faults: unread }: ReadPortals,
  circumstances: Circumstances,
): { lines: string[]; faults: number } {
  const findings: Finding[] = [
    ...unread.map((fault) => ({ level: 'fault' as const, ...fault })),
    ...lintPortals(portals, circumstances),
  ];
  const faults = findings.filter(({ level }) => level === 'fault').length;
  const ofFiles = findings.map(({ level, ...finding }) => `${level.toUpperCase()} ${lineOfFault(finding)}`);
  const ofLocales = circumstances.locales.map(lineOfReview);
  const sum = `Portals: ${portals.length}. Faults: ${faults}. Warnings: ${findings.length - faults}.`;
  return { lines: [...ofFiles, ...ofLocales, sum], faults };
}

/** What is to be said of portals that were read without a fault, on this day (`2026-10-31`), with these locales of the pages. */
export function lintPortals(portals: readonly NamedPortal[], { locales, today }: Circumstances): Finding[] {
  return portals.flatMap(({ file, portal }) => {
    const others = portals.map((other) => other.portal).filter(({ code }) => code !== portal.code);
    const remarks = [
      ...aboutFile(file, portal),
      ...aboutStage(portal, today),
      ...aboutHelp(portal),
      ...aboutLanguages(portal, locales),
      ...aboutOthers(portal, others),
    ];
    return remarks.map((remark) => ({ file, line: null, ...remark }));
  });
}

/** The state of a locale's review in a line: `sw: drafted, and reviewed by nobody yet`. */
function lineOfReview({ tag, review: { state, by, on } }: ReviewedLocale): string {
  if (state === 'DRAFTED') return `${tag}: drafted, and reviewed by nobody yet`;
  return `${tag}: reviewed by ${by ?? 'somebody unnamed'}${on ? ` on ${on}` : ''}`;
}

function aboutFile(file: string, { code }: PortalEntry): Remark[] {
  const name = basename(file, extname(file));
  return name === code ? [] : [fault('code', `The file is named ${name}: name it ${code}.yaml, or change the code.`)];
}

function aboutStage({ stage, launchedOn }: PortalEntry, today: string): Remark[] {
  if (stage !== 'LIVE') return [];
  if (!launchedOn) return [fault('launchedOn', 'It is LIVE: say since when.')];
  if (launchedOn.toISOString().slice(0, 10) <= today) return [];
  return [fault('launchedOn', 'It is LIVE, but this day is still to come. Give the day of its launch.')];
}

function aboutHelp({ country, emergencyNumber, helpLines, exitAddress }: PortalEntry): Remark[] {
  return [
    // One number for every country there is not.
    ...(country && !emergencyNumber
      ? [warning('emergencyNumber', 'Without one the page can’t say whom to call when a child is in danger now.')]
      : []),
    ...(helpLines.length === 0 ? [warning('helpLines', 'Without one a child who needs help finds none here.')] : []),
    ...(exitAddress ? [] : [warning('exitAddress', 'Without it “exit this page” leads to a page that nobody chose.')]),
  ];
}

function aboutLanguages({ languages, texts }: PortalEntry, locales: readonly ReviewedLocale[]): Remark[] {
  const localeOf = (language: string) =>
    locales.find(({ tag }) => tag === language) ?? locales.find(({ tag }) => tag === language.split('-')[0]);
  const missing = languages.filter((language) => !localeOf(language));
  const drafted = languages.filter((language) => localeOf(language)?.review.state === 'DRAFTED');
  const untold = languages.filter((language) => !texts.some((text) => text.language === language));
  const list = (tags: string[]) => tags.join(', ');
  return [
    ...(missing.length > 0 ? [warning('languages', `The pages are not written in ${list(missing)} yet.`)] : []),
    ...(drafted.length > 0
      ? [warning('languages', `Nobody has reviewed the pages in ${list(drafted)}: they are only drafted.`)]
      : []),
    ...(untold.length > 0 ? [warning('texts', `There is no name and introduction in ${list(untold)}.`)] : []),
  ];
}

function aboutOthers(portal: PortalEntry, others: readonly PortalEntry[]): Remark[] {
  const { stage, country, audience, languages } = portal;
  if (stage !== 'LIVE' || !country || portal.sandbox) return [];
  const rivals = others.filter(
    (other) => other.stage === 'LIVE' && other.country === country && other.audience === audience && !other.sandbox,
  );
  return rivals.flatMap(({ code, languages: theirs }) => {
    const shared = languages.filter((language) => theirs.includes(language));
    if (shared.length === 0) return [];
    return [warning('languages', `${code} is LIVE for the same country in ${shared.join(', ')} too.`)];
  });
}

const fault = (path: string, message: string): Remark => ({ level: 'fault', path, message });
const warning = (path: string, message: string): Remark => ({ level: 'warning', path, message });
