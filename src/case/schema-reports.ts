import { columnsAsked, fieldsAsked, readWithRow } from '../graphql/asked.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { connectionOf, fromCursor, isPageSize, pageOf, pageSize, UUID } from '../graphql/connection.ts';
import * as enums from '../graphql/enums.ts';
import { unseal } from '../secrets.ts';
import { type LoadedReport, newestReports } from './read-reports.ts';

/** Milliseconds since 1970, of the years 2001 to 2286. */
const MILLISECONDS = /^\d{13}$/;
const USUAL = 10;

const CaseReport = builder.objectRef<LoadedReport>('CaseReport').implement({
  description: 'One report of a case, as analysts see it. Who reported is not known.',
  fields: (t) => ({
    reference: t.exposeString('reference', { description: 'The public reference.' }),
    portal: t.expose('portal', { type: refOf('Portal'), description: 'The portal it came through.' }),
    country: t.expose('country', { type: 'CountryCode', nullable: true, description: 'The reporting country.' }),
    source: t.expose('source', { type: enums.ReportSource, description: 'Where it comes from.' }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it was received.' }),
    addressAsTyped: t.exposeString('addressAsTyped', { description: 'The address as it was typed: evidence.' }),
    language: t.field({
      type: 'LanguageTag',
      nullable: true,
      description: 'The language of the page.',
      resolve: ({ submission }) => submission.language,
    }),
    category: t.field({
      type: enums.ReportCategory,
      nullable: true,
      description: 'What it seemed to be.',
      resolve: ({ submission }) => submission.category,
    }),
    foundOn: t.field({
      type: enums.SiteType,
      nullable: true,
      description: 'On what kind of site.',
      resolve: ({ submission }) => submission.foundOn,
    }),
    seenOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day on which it was seen.',
      resolve: ({ submission }) => submission.seenOn,
    }),
    howFound: t.field({
      type: enums.HowFound,
      nullable: true,
      description: 'How it was found.',
      resolve: ({ submission }) => submission.howFound,
    }),
    inDanger: t.boolean({
      description: 'Whether a child was said to be in danger now.',
      resolve: ({ submission }) => submission.inDanger === true,
    }),
    note: t.string({
      nullable: true,
      description: 'The reporter’s words.',
      resolve: ({ submission: { note } }) => (note ? unseal(note) : null),
    }),
    standing: t.expose('standing', { type: enums.ReportStanding, description: 'Whether it weighs in the case.' }),
    contactEmail: t.string({
      nullable: true,
      description: 'Where questions can be sent, if the reporter said and has not withdrawn it.',
      resolve: ({ submission: { contact } }) => (contact ? unseal(contact) : null),
    }),
  }),
});

// A field shows the column of its name, but for the one that is sealed.
function columnsShown(info: Parameters<typeof fieldsAsked>[0]): ReadonlySet<string> {
  const fields = fieldsAsked(info, 'CaseReport');
  return fields.has('contactEmail') ? new Set([...fields, 'contact']) : fields;
}

function placeOf({ receivedAt, id }: LoadedReport): string[] {
  return [String(receivedAt.getTime()), id];
}

const CaseReportConnection = connectionOf('CaseReport', CaseReport, 'reports of a case');

builder.prismaObjectField('Case', 'reports', (t) =>
  t.field({
    type: CaseReportConnection,
    description: 'Its reports, newest first.',
    args: {
      first: t.arg.int({ defaultValue: USUAL, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
    },
    extensions: readWithRow(({ first, after }, info) =>
      after || !isPageSize(first) ? null : newestReports(first, columnsShown(info)),
    ),
    resolve: (row, { first, after }, { loaders }, info) => {
      const size = pageSize(first, USUAL);
      const newest = (row as typeof row & { newestReports?: LoadedReport[] }).newestReports;
      if (newest) return pageOf(newest, size, placeOf);
      const [receivedAt, reportId] = fromCursor(after, [MILLISECONDS, UUID]) ?? [];
      const from = receivedAt && reportId ? { receivedAt: new Date(Number(receivedAt)), id: reportId } : null;
      const asked = { caseId: row.id, first: size, after: from, shown: columnsShown(info), enough: columnsAsked(info) };
      return loaders.reportsOfCase.load(asked).then((rows) => pageOf(rows, size, placeOf));
    },
  }),
);
