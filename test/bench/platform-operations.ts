import {
  type Ask,
  addressToReport,
  caseOf,
  type Operation,
  type Operations,
  portalOf,
  type Setting,
  sourceOf,
  spanAsNeverBefore,
  spanOf,
  type Turn,
} from './contender.ts';
import { documents } from './documents.ts';

const asked = (query: string, variables: object, headers: Record<string, string>): Ask => ({
  path: '/graphql',
  headers,
  body: JSON.stringify({ query, variables }),
});
const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` });
const analyst = ({ analysts }: Setting, { client }: Turn) => bearer(analysts[client % analysts.length]);
const data = ([answer]: { data: unknown }[]) => answer?.data;

/** How the platform is asked. */
export const operations: Operations = {
  submit: {
    asks: [
      (setting, turn) =>
        asked(
          documents.submit,
          { input: { portal: portalOf(setting, turn), address: addressToReport(setting, turn) } },
          { 'x-forwarded-for': sourceOf(turn) },
        ),
    ],
    must: ['"accessCode"', '"proof"'],
    read: data,
  },
  figures: figuresOf(spanOf),
  figuresFirst: figuresOf(spanAsNeverBefore),
  queue: {
    asks: [(setting, turn) => asked(documents.queue, { after: setting.after }, analyst(setting, turn))],
    must: ['"assessments"'],
    read: data,
  },
  case: {
    asks: [(setting, turn) => asked(documents.case, { number: caseOf(setting, turn) }, analyst(setting, turn))],
    must: ['"clocks"'],
    read: data,
  },
  claim: {
    asks: [
      (setting, turn) => asked(documents.claim, {}, analyst(setting, turn)),
      (setting, turn) =>
        asked(documents.release, { number: turn.answers[0].data.claimNextCase.number }, analyst(setting, turn)),
    ],
    must: ['"number"'],
    read: ([claimed, given]) => ({ ...claimed.data, ...given.data }),
  },
  empty: { asks: [() => asked(documents.empty, {}, {})], must: ['Query'], read: data },
};

function figuresOf(span: typeof spanOf): Operation {
  return {
    asks: [
      (setting, turn) =>
        asked(documents.figures, { country: setting.country, ...span(setting, turn) }, bearer(setting.partner)),
    ],
    must: ['"breakdowns"'],
    read: data,
  };
}
