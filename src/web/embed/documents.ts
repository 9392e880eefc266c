import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

export const EmbeddedFigures = graphql(`
  query EmbeddedFigures($token: String!) {
    embeddedStatistics(token: $token) {
      country origin
      definitions { term text version }
      month { month edition publishedOn correction reports assessed actionable }
      before { reports }
    }
  }
`);
export type Embedded = NonNullable<ResultOf<typeof EmbeddedFigures>['embeddedStatistics']>;
