import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

export const NoticeOfLink = graphql(`
  query NoticeOfLink($token: String!) {
    hostNotice(token: $token) { reference language sentOn validUntil lines { line defangedAddress answer } }
  }
`);
export type ShownNotice = NonNullable<ResultOf<typeof NoticeOfLink>['hostNotice']>;

export const AnswerNotice = graphql(`
  mutation AnswerNotice($input: AnswerHostNoticeInput!) {
    answerHostNotice(input: $input) {
      __typename
      ... on HostNotice { reference language sentOn validUntil lines { line defangedAddress answer } }
      ... on InvalidInputError { code }
      ... on NotFoundError { code }
    }
  }
`);
