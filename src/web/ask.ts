import type { Ask } from './graphql.ts';

type GraphqlServer = {
  fetch: (request: Request, context: { source: string; origin: null }) => Response | Promise<Response>;
};

/** The platform refused a page's question, by this code. */
export class RefusedQuestionError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`The platform refused a page's question: ${code}.`);
    this.code = code;
  }
}

/** Lets pages ask the GraphQL server in process, with a stranger's rights or those of whoever signs in, under the same permissions and limits as anybody. */
export function createAsk(server: GraphqlServer): Ask {
  return async (document, variables, { source, authorization }) => {
    const request = new Request('http://platform.invalid/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({ query: String(document), variables }),
    });
    const response = await server.fetch(request, { source, origin: null });
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors?: { extensions?: { code?: string } }[];
    };
    if (errors) throw new RefusedQuestionError(errors[0]?.extensions?.code ?? 'NO_CODE');
    return data as never;
  };
}
