import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { PartnerMessages } from './messages.ts';
import { monthName } from './names.ts';

/** Drawn for a telephone: the style sheet lets it grow to what a line of text is long. */
const WIDTH = 360;
const FONT_SIZE = 13;
/** How high a row of a bar chart is: its label above its bar. */
const ROW_HEIGHT = 42;
/** Room behind the longest bar for its figure. */
const FIGURE_WIDTH = 72;
/** How many months apart the labels below a chart of months are. */
const LABEL_EVERY = 3;

/** What a chart says of itself to whoever does not see it; `id` is unique on its page. */
type Words = { id: string; title: string; description: string };
/** A bar: its value is null where it is hidden. */
export type Bar = { label: string; value: number | null };
/** A month: its value is null where it is hidden, and undefined where the month is not published. */
export type MonthBar = { month: string; value: number | null | undefined };

/** Bars side by side, one a month, oldest first in the direction of reading; the last one stands out. */
export function monthsChart(m: PartnerMessages, words: Words, bars: readonly MonthBar[]): string {
  const isRightToLeft = m.direction === 'rtl';
  const shown = bars.filter(({ value }) => typeof value === 'number');
  const hidden = bars.filter(({ value }) => value === null);
  const last = bars.at(-1)?.month;
  const labelled = bars.filter((_, index) => (bars.length - 1 - index) % LABEL_EVERY === 0).map(({ month }) => month);
  const labelOf = (month: string) => `${monthName(m, month, 'short')}\n${yearOf(m, month)}`;
  return drawn(words, {
    height: 220,
    marginTop: 24,
    marginBottom: 44,
    marginLeft: isRightToLeft ? 8 : 44,
    marginRight: isRightToLeft ? 44 : 8,
    x: { type: 'band', domain: bars.map(({ month }) => month), reverse: isRightToLeft, padding: 0.2, label: null },
    y: { domain: [0, Math.max(...shown.map(({ value }) => value ?? 0), 10)], nice: true, label: null },
    marks: [
      Plot.gridY({ ticks: 4, className: 'grid' }),
      Plot.axisY({ ticks: 4, anchor: isRightToLeft ? 'right' : 'left', tickSize: 0, tickFormat: m.number }),
      Plot.axisX(labelled, { tickSize: 4, tickFormat: labelOf, lineHeight: 1.2 }),
      Plot.barY(shown, {
        x: 'month',
        y: 'value',
        className: 'bars',
        fillOpacity: ({ month }: MonthBar) => (month === last ? 1 : 0.55),
      }),
      Plot.text(
        shown.filter(({ month, value }) => month === last || value === 0),
        {
          x: 'month',
          y: 'value',
          dy: -8,
          text: ({ value }: MonthBar) => m.number(value ?? 0),
          className: 'last',
        },
      ),
      // Upright there is no room for the word.
      Plot.text(hidden, {
        x: 'month',
        y: 0,
        rotate: -90,
        dy: -6,
        textAnchor: 'start',
        text: () => m.text('figure.hidden'),
        className: 'hidden',
      }),
      Plot.ruleY([0], { className: 'ground' }),
    ],
  });
}

/** Bars one below the other, each under its label. */
export function barsChart(m: PartnerMessages, words: Words, bars: readonly Bar[]): string {
  const isRightToLeft = m.direction === 'rtl';
  const rows = bars.map((bar, row) => ({ ...bar, row }));
  const [start, end] = isRightToLeft ? (['end', 'start'] as const) : (['start', 'end'] as const);
  const away = isRightToLeft ? -1 : 1;
  const beside = end === 'end' ? 'start' : 'end';
  const common = { y: 'row', dy: 10, dx: 6 * away, textAnchor: beside } as const;
  return drawn(words, {
    height: rows.length * ROW_HEIGHT + 4,
    marginTop: 0,
    marginBottom: 4,
    marginLeft: isRightToLeft ? FIGURE_WIDTH : 1,
    marginRight: isRightToLeft ? 1 : FIGURE_WIDTH,
    x: { domain: [0, Math.max(...rows.map(({ value }) => value ?? 0), 10)], reverse: isRightToLeft, axis: null },
    y: { type: 'band', domain: rows.map(({ row }) => row), padding: 0, axis: null },
    marks: [
      Plot.text(rows, {
        y: 'row',
        frameAnchor: isRightToLeft ? 'right' : 'left',
        textAnchor: start,
        dx: 4 * away,
        dy: -11,
        text: 'label',
        lineWidth: WIDTH / FONT_SIZE - 1,
        textOverflow: 'ellipsis',
      }),
      Plot.barX(
        rows.filter(({ value }) => value !== null),
        { x: 'value', y: 'row', insetTop: 21, insetBottom: 3, className: 'bars' },
      ),
      Plot.text(
        rows.filter(({ value }) => value !== null),
        { ...common, x: 'value', text: ({ value }: Bar) => m.number(value ?? 0), className: 'last' },
      ),
      Plot.text(
        rows.filter(({ value }) => value === null),
        { ...common, x: 0, text: () => m.text('figure.hidden'), className: 'hidden' },
      ),
      Plot.ruleX([0], { className: 'ground' }),
    ],
  });
}

// A style element is no part of it, since the pages' policy allows none: partner.css has the rules.
function drawn({ id, title, description }: Words, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ document, width: WIDTH, className: 'chart', ...options }) as unknown as Drawing;
  svg.querySelector('style')?.remove();
  for (const group of svg.querySelectorAll('[aria-label]')) group.removeAttribute('aria-label');
  const attributes = {
    role: 'img',
    'aria-labelledby': `${id}-title`,
    'aria-describedby': `${id}-text`,
    'font-size': String(FONT_SIZE),
    // What begins where is said by the anchors above: the direction of the page would turn them round.
    direction: 'ltr',
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  for (const name of ['font-family', 'width', 'height']) svg.removeAttribute(name);
  const label = (name: string, ending: string, text: string) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name) as unknown as Drawing;
    element.setAttribute('id', `${id}-${ending}`);
    element.textContent = text;
    return element;
  };
  svg.prepend(label('title', 'title', title), label('desc', 'text', description));
  return svg.outerHTML;
}

/** What is used here of an element: the types of browsers are not among those of this project. */
type Drawing = {
  outerHTML: string;
  textContent: string;
  setAttribute: (name: string, value: string) => void;
  removeAttribute: (name: string) => void;
  remove: () => void;
  prepend: (...elements: Drawing[]) => void;
  querySelector: (selector: string) => Drawing | null;
  querySelectorAll: (selector: string) => Iterable<Drawing>;
};

function yearOf(m: PartnerMessages, month: string): string {
  // Without a comma for thousands.
  return m.number(Number(month.slice(0, 4))).replace(/[^\p{Nd}]/gu, '');
}
