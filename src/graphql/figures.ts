import { displayFigure, type Figure as FigureShape } from '../domain/disclosure.ts';
import type { Definition as DefinitionShape } from '../statistics/definition-texts.ts';
import { labelOf } from '../statistics/definitions.ts';
import type { EditionNote as EditionNoteShape, MonthEdition } from '../statistics/published-figures.ts';
import { type RateKind as Kind, ratesOf } from '../statistics/rates.ts';
import { builder } from './builder.ts';
import { BreakdownBase, Dimension, RateKind, SpeedMeasure } from './enums.ts';

/** A published figure: also one that stands alone. */
export const Figure = builder.objectRef<FigureShape>('Figure').implement({
  description: 'A published figure, after disclosure control.',
  fields: (t) => ({
    value: t.exposeInt('value', { nullable: true, description: 'Rounded to the nearest 5; null where hidden.' }),
    hidden: t.exposeBoolean('hidden', {
      description: 'Whether it is hidden, because it is small or would give a small one away.',
    }),
    display: t.string({ description: 'The figure in words.', resolve: displayFigure }),
  }),
});

/** What a figure means, by one version of the definitions. */
export const Definition = builder.objectRef<DefinitionShape>('Definition').implement({
  description: 'What a figure means.',
  fields: (t) => ({
    term: t.exposeString('term', { description: 'Which figure.' }),
    text: t.exposeString('text', { description: 'What it counts.' }),
    version: t.exposeInt('version', { description: 'Of which version of the definitions this is.' }),
  }),
});

const BreakdownCell = builder.objectRef<{ key: string; figure: FigureShape }>('BreakdownCell').implement({
  description: 'One cell of a breakdown.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'A stable key, such as AGE_7_10, a language or a country.' }),
    label: t.string({ description: 'The key in plain English.', resolve: ({ key }) => labelOf(key) }),
    figure: t.expose('figure', { type: Figure, description: 'Its figure.' }),
  }),
});

type Table = MonthEdition['figures']['breakdowns'][number];

const Breakdown = builder.objectRef<Table>('Breakdown').implement({
  description: 'A month’s figure, broken down. Its total is the sum of its rounded cells.',
  fields: (t) => ({
    by: t.expose('by', { type: Dimension, description: 'By what.' }),
    of: t.expose('of', { type: BreakdownBase, description: 'What it breaks down.' }),
    hidden: t.exposeBoolean('hidden', {
      description: 'Whether the whole table is hidden; a long one then lists no cell.',
    }),
    cells: t.expose('cells', {
      type: [BreakdownCell],
      description:
        'Every cell, hidden ones too. By LANGUAGE and HOSTING_COUNTRY a cell that is left out is 0, unless the table is hidden.',
    }),
  }),
});

const Speed = builder.objectRef<MonthEdition['figures']['speeds'][number]>('Speed').implement({
  description:
    'How long something took, in hours from the first report. Null where fewer than 50 reports are its base.',
  fields: (t) => ({
    until: t.expose('measure', { type: SpeedMeasure, description: 'Until what.' }),
    medianHours: t.exposeInt('median', { nullable: true, description: 'Half took no longer.' }),
    ninetiethHours: t.exposeInt('ninetieth', { nullable: true, description: 'Nine in ten took no longer.' }),
  }),
});

const Rate = builder.objectRef<{ of: Kind; percent: number | null }>('Rate').implement({
  description: 'A share, from published figures.',
  fields: (t) => ({
    of: t.expose('of', { type: RateKind, description: 'Of what.' }),
    percent: t.exposeInt('percent', {
      nullable: true,
      description: 'In whole percent; null where its base is below 50, or a figure of it is hidden.',
    }),
    display: t.string({
      description: 'The share in words.',
      resolve: ({ percent }) => (percent === null ? 'not given' : `${percent}%`),
    }),
  }),
});

const EditionNote = builder.objectRef<EditionNoteShape>('EditionNote').implement({
  description: 'An edition of a month, without its figures: publishedEdition has those.',
  fields: (t) => ({
    edition: t.exposeInt('edition', { description: 'Its number.' }),
    publishedOn: t.expose('publishedOn', { type: 'Date', description: 'When it was published.' }),
    correction: t.exposeString('correction', {
      nullable: true,
      description: 'Why it corrects the one before; null for the first.',
    }),
  }),
});

/** One edition of a country's month. */
export const MonthFigures = builder.objectRef<MonthEdition>('MonthFigures').implement({
  description: 'One published month of a country.',
  fields: (t) => ({
    month: t.expose('month', { type: 'YearMonth', description: 'Which month.' }),
    edition: t.exposeInt('edition', { description: 'Its edition: above 1, it was corrected.' }),
    publishedOn: t.expose('publishedOn', { type: 'Date', description: 'When this edition was published.' }),
    definitionsVersion: t.exposeInt('definitionsVersion', {
      description: 'The version of the definitions by which it was counted.',
    }),
    correction: t.exposeString('correction', {
      nullable: true,
      description: 'Why this edition corrects the one before; null for the first.',
    }),
    earlier: t.expose('earlier', { type: [EditionNote], description: 'The editions before it, oldest first.' }),
    reports: t.field({ type: Figure, description: 'Addresses reported.', resolve: ({ figures }) => figures.reports }),
    assessed: t.field({ type: Figure, description: 'Of these, assessed.', resolve: ({ figures }) => figures.assessed }),
    actionable: t.field({
      type: Figure,
      description: 'Of these, confirmed as criminal.',
      resolve: ({ figures }) => figures.actionable,
    }),
    rates: t.field({
      type: [Rate],
      description: 'The shares of the month, each from published figures.',
      resolve: ({ figures }) => ratesOf(figures),
    }),
    breakdowns: t.field({
      type: [Breakdown],
      description: 'The fixed tables of the month.',
      resolve: ({ figures }) => figures.breakdowns,
    }),
    speeds: t.field({ type: [Speed], description: 'How long things took.', resolve: ({ figures }) => figures.speeds }),
  }),
});
