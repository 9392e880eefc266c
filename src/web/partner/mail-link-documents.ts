import { graphql } from '../graphql.ts';

export const LinkOfMail = graphql(`
  query LinkOfMail($token: String!) { briefingLink(token: $token) { purpose language } }
`);

export const ConfirmMail = graphql(`
  mutation ConfirmMail($token: String!) { result: confirmBriefing(token: $token) { __typename } }
`);

export const StopMail = graphql(`
  mutation StopMail($token: String!) { result: stopBriefing(token: $token) { __typename } }
`);
