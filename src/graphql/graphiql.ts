import type { GraphiQLOptions } from 'graphql-yoga';
import { mintDevelopmentToken } from '../account/development-token.ts';
import { config } from '../config.ts';
import { examples } from './examples.ts';

/** What Yoga needs to show GraphiQL: its options, made anew for each visit, and the page itself. */
export type GraphiqlPage = {
  options: () => Promise<GraphiQLOptions>;
  render: (options: GraphiQLOptions) => Promise<string>;
};

/** The browser keeps the tabs, and their tokens with them: for a month. */
const TOKEN_HOURS = 30 * 24;

/** The content security policy of the page: its scripts and styles stand in it, and it may speak to nobody but us. */
export const graphiqlPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  'worker-src blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The developer's view: GraphiQL from our own server (nothing is loaded from elsewhere) with an example for each role, signed
 * in already. For development only: it carries tokens of the demonstration accounts.
 */
export function createGraphiqlPage(): GraphiqlPage {
  return {
    options: async () => ({
      title: 'Reporting Portals',
      defaultTabs: await Promise.all(
        examples(new Date()).map(async ({ account, query, variables }) => ({
          query,
          variables: JSON.stringify(variables ?? {}, null, 2),
          headers: JSON.stringify(account ? { authorization: `Bearer ${await tokenOf(account)}` } : {}, null, 2),
        })),
      ),
    }),
    render: async (options) => {
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return renderGraphiQL(options).replace('<div id="root">', (root) => firstVisit(options) + root);
    },
  };
}

// On a first visit GraphiQL shows the first tab without its variables and headers, unless it remembers them. A tab that is
// pressed jumps from under the mouse (an animation that never ended), and on a narrow screen the title would lie over the tabs.
function firstVisit({ defaultTabs: [first] = [] }: GraphiQLOptions): string {
  const remembered = JSON.stringify({ variables: first?.variables, headers: first?.headers }).replaceAll(
    '<',
    '\\u003c',
  );
  return `<style>
      .graphiql-tab { transform: none !important }
      @media (max-width: 40rem) { .graphiql-logo { display: none } }
    </style>
    <script>
      if (!localStorage.getItem('graphiql:tabState'))
        for (const [name, value] of Object.entries(${remembered})) localStorage.setItem('graphiql:' + name, value);
    </script>`;
}

function tokenOf(subject: string): Promise<string> {
  return mintDevelopmentToken({ subject, audience: config().oidcAudience, now: new Date(), hours: TOKEN_HOURS });
}
