import type { GraphiQLOptions } from 'graphql-yoga';
import { mintDevelopmentToken } from '../account/development-token.ts';
import { config } from '../config.ts';
import { examples } from './examples.ts';

/** What Yoga needs to show GraphiQL: its options, made anew for each visit, and the page itself. */
export type GraphiqlPage = {
  options: () => Promise<GraphiQLOptions>;
  render: (options: GraphiQLOptions) => Promise<string>;
};

const TOKEN_HOURS = 12;

/**
 * The developer's view: GraphiQL from our own server (nothing is loaded from elsewhere) with an example for each role, signed
 * in already. For development only: it carries tokens of the demonstration accounts.
 */
export function createGraphiqlPage(): GraphiqlPage {
  return {
    options: async () => ({
      title: 'Reporting Portals: GraphiQL',
      defaultTabs: await Promise.all(
        examples.map(async ({ account, query, variables }) => ({
          query,
          variables: JSON.stringify(variables ?? {}, null, 2),
          headers: JSON.stringify(account ? { authorization: `Bearer ${await tokenOf(account)}` } : {}, null, 2),
        })),
      ),
    }),
    render: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
  };
}

function tokenOf(subject: string): Promise<string> {
  return mintDevelopmentToken({ subject, audience: config().oidcAudience, now: new Date(), hours: TOKEN_HOURS });
}
