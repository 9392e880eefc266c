import type { SummedFigure } from '../domain/published-sums.ts';
import { labelOf } from '../statistics/definitions.ts';
import { displaySum, type SummedFigures } from '../statistics/summed-figures.ts';
import { builder } from './builder.ts';
import { BreakdownBase, Dimension } from './enums.ts';

/** A sum of published figures. */
export const SumFigure = builder.objectRef<SummedFigure>('SumFigure').implement({
  description: 'A sum of published figures. Hidden ones are not in it: it says how many those are.',
  fields: (t) => ({
    value: t.exposeInt('value', {
      nullable: true,
      description: 'The sum of the rounded figures that are shown; null where none is.',
    }),
    leftOut: t.exposeInt('leftOut', { description: 'How many figures are hidden and left out.' }),
    display: t.string({ description: 'The sum in words.', resolve: displaySum }),
  }),
});

const SumCell = builder.objectRef<{ key: string; figure: SummedFigure }>('SumCell').implement({
  description: 'One cell of a table of sums.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'A stable key, such as AGE_7_10, a language or a country.' }),
    label: t.string({ description: 'The key in plain English.', resolve: ({ key }) => labelOf(key) }),
    figure: t.expose('figure', { type: SumFigure, description: 'Its sum.' }),
  }),
});

/** A table of sums of published figures. */
export const SumBreakdown = builder.objectRef<SummedFigures['breakdowns'][number]>('SumBreakdown').implement({
  description: 'A table whose cells are sums of published figures.',
  fields: (t) => ({
    by: t.expose('by', { type: Dimension, description: 'By what.' }),
    of: t.expose('of', { type: BreakdownBase, description: 'What it breaks down.' }),
    leftOut: t.exposeInt('leftOut', { description: 'How many of the tables are hidden whole and left out.' }),
    cells: t.expose('cells', {
      type: [SumCell],
      description:
        'Its cells. By LANGUAGE and HOSTING_COUNTRY a cell that is left out is 0 in every table that is not hidden whole.',
    }),
  }),
});
