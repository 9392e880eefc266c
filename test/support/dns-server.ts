import { createSocket } from 'node:dgram';
import { type Answer, decode, encode } from 'dns-packet';

/** What a name has: addresses of both kinds, the name that it is an alias of, texts; or silence. */
export type Zone = Record<string, { a?: string[]; aaaa?: string[]; cname?: string; txt?: string[] } | 'silent'>;

/** A name server on the loopback that knows these names and no other, and what it was asked. */
export async function startDnsServer(zone: Zone) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (!question) return;
    const name = question.name.toLowerCase();
    asked.push(`${name} ${question.type}`);
    const known = zone[name];
    if (known === 'silent') return;
    // 0x8180: a recursive answer; 3: no such name.
    const flags = 0x180 | (known ? 0 : 3);
    const answers = known ? answersOf(zone, name, question.type) : [];
    socket.send(encode({ type: 'response', id: id ?? 0, flags, questions, answers }), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    port: socket.address().port,
    asked,
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

// As a recursive server does: the aliases on the way, then the records of the last name.
function answersOf(zone: Zone, start: string, type: string): Answer[] {
  const answers: Answer[] = [];
  let name = start;
  for (let step = 0; step < 12; step += 1) {
    const known = zone[name];
    if (!known || known === 'silent') return answers;
    if (known.cname !== undefined && (type === 'CNAME' ? step === 0 : true)) {
      answers.push({ type: 'CNAME', name, data: known.cname });
      if (type === 'CNAME') return answers;
      name = known.cname;
      continue;
    }
    const owner = name;
    if (type === 'A') answers.push(...(known.a ?? []).map((data) => ({ type: 'A' as const, name: owner, data })));
    if (type === 'AAAA') {
      answers.push(...(known.aaaa ?? []).map((data) => ({ type: 'AAAA' as const, name: owner, data })));
    }
    if (type === 'TXT') answers.push(...(known.txt ?? []).map((data) => ({ type: 'TXT' as const, name: owner, data })));
    return answers;
  }
  return answers;
}
