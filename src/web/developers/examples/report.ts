// A client whose types come from the schema, by gql.tada: a field that the schema lacks does not compile.
// Usage: npx tsx report.ts [URL OF THE PLATFORM]
import { initGraphQLTada, type ResultOf, type TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';
// Written by `npx gql.tada generate output` from a copy of /schema.graphql.
import type { introspection } from '../../../generated/graphql-env.d.ts';

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string; CountryCode: string; LanguageTag: string; YearMonth: string };
}>();

const SubmitReport = graphql(`
  mutation SubmitReport($input: SubmitReportInput!) {
    submitReport(input: $input) {
      __typename
      ... on ReportReceipt { accessCode reports { reference address } }
      ... on Error { code message }
      ... on InvalidInputError { issues { path code message } }
      ... on PortalClosedError { transferredTo }
      ... on ChallengeRequiredError { ticket waitSeconds }
      ... on TooManyReportsError { retryAfterSeconds }
    }
  }
`);
const ReportStatus = graphql(`
  query ReportStatus($accessCode: String!) {
    reportStatus(accessCode: $accessCode) { stage outcome }
  }
`);

const [url = 'http://localhost:4000'] = process.argv.slice(2);

async function ask<Answer, Variables>(document: TadaDocumentNode<Answer, Variables>, variables: Variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Answer; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]?.message);
  return data;
}

type Result = ResultOf<typeof SubmitReport>['submitReport'];

// Every error is one case, and the compiler knows when one is missing.
function tell(result: Result): string {
  switch (result.__typename) {
    case 'ReportReceipt':
      return `Access code ${result.accessCode}`;
    case 'InvalidInputError':
      return result.issues.map(({ message }) => message).join(' ');
    case 'PortalClosedError':
      return `${result.message} ${result.transferredTo ?? ''}`;
    case 'ChallengeRequiredError':
      return `Send it again in ${result.waitSeconds} seconds, with the ticket as challenge.`;
    case 'TooManyReportsError':
      return `Send it again in ${result.retryAfterSeconds} seconds.`;
    case 'IdempotencyConflictError':
      return result.message;
  }
}

const input = { portal: 'sandbox', address: 'https://action-taken.sandbox.test/', idempotencyKey: crypto.randomUUID() };
const { submitReport: result } = await ask(SubmitReport, { input });
process.stdout.write(`${tell(result)}\n`);
if (result.__typename === 'ReportReceipt') {
  const { reportStatus } = await ask(ReportStatus, { accessCode: result.accessCode });
  process.stdout.write(`${reportStatus?.stage} ${reportStatus?.outcome}\n`);
}
