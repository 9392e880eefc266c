import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers: JSON, or whatever a handler writes; silence where it writes nothing. */
export type Paths = Record<string, object | ((request: IncomingMessage, response: ServerResponse) => void)>;

/** A registry on the loopback, over plain http, that answers these paths and else 404, and what it was asked. */
export async function startRdapServer(paths: Paths) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = paths[request.url ?? ''];
    if (typeof answer === 'function') answer(request, response);
    else if (answer) response.setHeader('content-type', 'application/rdap+json').end(JSON.stringify(answer));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    paths,
    asked,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** IANA's three lists (RFC 9224), in which one server registers these names and blocks of addresses. */
export function bootstrapFiles(server: string, names: string[], ipv4: string[], ipv6: string[]): Paths {
  const list = (covers: string[]) => ({ version: '1.0', services: [[covers, [`${server}/`]]] });
  return { '/rdap/dns.json': list(names), '/rdap/ipv4.json': list(ipv4), '/rdap/ipv6.json': list(ipv6) };
}

/** A person or organisation of an answer, with a mail address. */
export const entity = (roles: string[], name: string, email: string | null, entities: object[] = []) => ({
  objectClassName: 'entity',
  roles,
  vcardArray: [
    'vcard',
    [['version', {}, 'text', '4.0'], ['fn', {}, 'text', name], ...(email ? [['email', {}, 'text', email]] : [])],
  ],
  entities,
});
