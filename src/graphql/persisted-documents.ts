import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** A document that portals name instead of sending it. Its number is its version: a change is a new one, and the old one stays. */
export type PersistedDocument = { id: string; purpose: string; text: string };

/** Every document that was ever given to portals, and stays as it was: their pages may be years old. */
export const persistedDocuments: readonly PersistedDocument[] = [
  {
    id: 'submit-report.1',
    purpose: 'Report an address. Variables: `input`, a SubmitReportInput.',
    text: `mutation SubmitReport($input: SubmitReportInput!) {
  submitReport(input: $input) {
    __typename
    ... on ReportReceipt { accessCode receivedOn reports { reference address } proof }
    ... on Error { code message }
    ... on InvalidInputError { issues { path code message } }
    ... on PortalClosedError { transferredTo }
    ... on ChallengeRequiredError { challenge ticket waitSeconds }
    ... on TooManyReportsError { retryAfterSeconds }
  }
}`,
  },
  {
    id: 'report-status.1',
    purpose: 'How far a report has come. Variables: `accessCode`.',
    text: `query ReportStatus($accessCode: String!) {
  reportStatus(accessCode: $accessCode) {
    receivedOn stage outcome
    answers { category foundOn seenOn howFound inDanger hasNote hasContact }
  }
}`,
  },
  {
    id: 'add-report-details.1',
    purpose: 'Add what the reporter remembers later. Variables: `input`, an AddReportDetailsInput.',
    text: `mutation AddReportDetails($input: AddReportDetailsInput!) {
  addReportDetails(input: $input) {
    __typename
    ... on ReportStatus { receivedOn stage outcome }
    ... on Error { code message }
    ... on InvalidInputError { issues { path code message } }
  }
}`,
  },
  {
    id: 'withdraw-contact.1',
    purpose: 'Delete the reporter’s email address at once. Variables: `accessCode`.',
    text: `mutation WithdrawContact($accessCode: String!) {
  withdrawContact(accessCode: $accessCode) {
    __typename
    ... on ReportStatus { receivedOn stage outcome }
    ... on Error { code message }
  }
}`,
  },
  {
    id: 'portal.1',
    purpose: 'All that the page of one portal shows. Variables: `code`.',
    text: `query Portal($code: String!) {
  portal(code: $code) {
    code name country stage audience transferredTo defaultLanguage languages partnerNames emergencyNumber
    helpLines { name telephone website hours }
    texts { language name introduction }
    accentColour exitAddress sandbox
  }
}`,
  },
  {
    id: 'portals.1',
    purpose: 'The portals that there are. No variables.',
    text: `query Portals {
  portals { code name country stage transferredTo defaultLanguage languages sandbox }
}`,
  },
];

const textOf = new Map(persistedDocuments.map(({ id, text }) => [id, text]));

/** The text of a document by its id, or undefined where there is none. */
export function persistedText(id: unknown): string | undefined {
  return typeof id === 'string' ? textOf.get(id) : undefined;
}

/**
 * A Yoga plugin that puts the document of a request's `documentId` in the place of `query`. An id that is not known is refused
 * with the code `UNKNOWN_DOCUMENT`, and one beside a `query` with `BAD_REQUEST`.
 */
export function usePersistedDocuments(): Plugin {
  return {
    onParams({ params, setParams }) {
      const { documentId, ...rest } = params as typeof params & { documentId?: unknown };
      if (documentId === undefined) return;
      if (rest.query !== undefined) throw refusal('BAD_REQUEST', 'Send either documentId or query.');
      const query = persistedText(documentId);
      if (!query) throw refusal('UNKNOWN_DOCUMENT', 'There is no document of this id. /developers lists them all.');
      setParams({ ...rest, query });
    },
  };
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
