import { GraphQLError } from 'graphql';
import { AgreementRates } from '../graphql/agreement.ts';
import { builder } from '../graphql/builder.ts';
import { agreementRates } from './agreement-rates.ts';

builder.queryFields((t) => ({
  agreementRates: t.field({
    type: AgreementRates,
    description: 'How often second opinions agreed with first ones, in a period. For supervisors; it names nobody.',
    args: {
      from: t.arg({ type: 'Date', required: true, description: 'The first day, in UTC.' }),
      to: t.arg({ type: 'Date', required: true, description: 'The last day, in UTC, at most 366 days later.' }),
    },
    resolve: (_root, { from, to }) => {
      const days = (to.getTime() - from.getTime()) / 86_400_000;
      if (days >= 0 && days <= 366) return agreementRates(from, to);
      throw new GraphQLError('Ask for a period that ends on or after its first day and within 366 days.', {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  }),
}));
