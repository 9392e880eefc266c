import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

export const PortalPage = graphql(`
  query PortalPage($code: String!) {
    portal(code: $code) {
      code name country stage audience defaultLanguage languages partnerNames emergencyNumber
      helpLines { name telephone website hours }
      texts { language name introduction }
      accentColour exitAddress origins sandbox transferredTo
    }
  }
`);
export type Portal = NonNullable<ResultOf<typeof PortalPage>['portal']>;

export const AllPortals = graphql(`
  query AllPortals {
    portals { code country stage audience defaultLanguage languages sandbox }
  }
`);
export type ListedPortal = ResultOf<typeof AllPortals>['portals'][number];

export const SendReport = graphql(`
  mutation SendReport($input: SubmitReportInput!) {
    submitReport(input: $input) {
      __typename
      ... on ReportReceipt { accessCode receivedOn proof reports { reference address } }
      ... on InvalidInputError { issues { path code } }
      ... on ChallengeRequiredError { challenge ticket waitSeconds }
      ... on TooManyReportsError { retryAfterSeconds }
      ... on PortalClosedError { code }
      ... on IdempotencyConflictError { code }
    }
  }
`);
type Sent = ResultOf<typeof SendReport>['submitReport'];
export type Receipt = Extract<Sent, { __typename: 'ReportReceipt' }>;
export type Challenge = Extract<Sent, { __typename: 'ChallengeRequiredError' }>;

export const StatusOfReport = graphql(`
  query StatusOfReport($accessCode: String!) {
    reportStatus(accessCode: $accessCode) {
      receivedOn stage outcome
      answers { category foundOn seenOn howFound inDanger hasNote hasContact }
    }
  }
`);
export type Status = NonNullable<ResultOf<typeof StatusOfReport>['reportStatus']>;
export type Answers = Status['answers'];

export const AddAnswer = graphql(`
  mutation AddAnswer($input: AddReportDetailsInput!) {
    addReportDetails(input: $input) {
      __typename
      ... on ReportStatus { answers { category foundOn seenOn howFound inDanger hasNote hasContact } }
      ... on InvalidInputError { issues { path code } }
      ... on NotFoundError { code }
    }
  }
`);

export const WithdrawContact = graphql(`
  mutation WithdrawContact($accessCode: String!) {
    withdrawContact(accessCode: $accessCode) {
      __typename
      ... on ReportStatus {
        receivedOn stage outcome
        answers { category foundOn seenOn howFound inDanger hasNote hasContact }
      }
    }
  }
`);

export const CheckProof = graphql(`
  query CheckProof($proof: String!) {
    proofOfReport(proof: $proof) { receivedOn references }
  }
`);
export type Proof = NonNullable<ResultOf<typeof CheckProof>['proofOfReport']>;
