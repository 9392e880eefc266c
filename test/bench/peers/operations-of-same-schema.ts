import {
  type Ask,
  addressToReport,
  caseOf,
  type Operation,
  type Operations,
  portalOf,
  type Setting,
  spanAsNeverBefore,
  spanOf,
  type Turn,
} from '../contender.ts';
import { documents } from '../documents.ts';

// As in documents.ts, of a schema whose refusals are errors and not members of a union.
const submit = `mutation Submit($input: SubmitReportInput!) { submitReport(input: $input) { accessCode receivedOn reports { reference address } } }`;
const claim = 'mutation ClaimNext { claimNextCase { number } }';
const release = 'mutation Release($number: String!) { releaseCase(number: $number) { number } }';

/** The operations of a peer that serves the platform's own schema (schema.graphql) at a path. */
export function operationsOfSameSchema(path: string): Operations {
  const ask = (query: string, variables: object, token: string | undefined): Ask => ({
    path,
    ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    body: JSON.stringify({ query, variables }),
  });
  const analyst = ({ analysts }: Setting, { client }: Turn) => analysts[client % analysts.length];
  const data = ([answer]: { data: unknown }[]) => answer?.data;
  const figures = (span: typeof spanOf): Operation => ({
    asks: [
      (setting, turn) => ask(documents.figures, { country: setting.country, ...span(setting, turn) }, setting.partner),
    ],
    must: ['"breakdowns"'],
    read: data,
  });
  return {
    submit: {
      asks: [
        (setting, turn) =>
          ask(
            submit,
            { input: { portal: portalOf(setting, turn), address: addressToReport(setting, turn) } },
            undefined,
          ),
      ],
      must: ['"accessCode"'],
      read: data,
    },
    figures: figures(spanOf),
    figuresFirst: figures(spanAsNeverBefore),
    queue: {
      asks: [(setting, turn) => ask(documents.queue, { after: setting.after }, analyst(setting, turn))],
      must: ['"assessments"'],
      read: data,
    },
    case: {
      asks: [(setting, turn) => ask(documents.case, { number: caseOf(setting, turn) }, analyst(setting, turn))],
      must: ['"clocks"'],
      read: data,
    },
    claim: {
      asks: [
        (setting, turn) => ask(claim, {}, analyst(setting, turn)),
        (setting, turn) => ask(release, { number: turn.answers[0].data.claimNextCase.number }, analyst(setting, turn)),
      ],
      must: ['"number"'],
      read: ([claimed, given]) => ({ ...claimed.data, ...given.data }),
    },
    empty: { asks: [() => ask(documents.empty, {}, undefined)], must: ['Query'], read: data },
  };
}
