import { writeFileSync } from 'node:fs';

type Node = { left: Node | string | null; right: Node | string | null };
const SEPARATOR = 16;

/**
 * Writes a database of countries by IPv4 block (MaxMind DB 2.0, records of 24 bits) as the packaged one has them: documentation
 * blocks have no country of their own in the world.
 */
export function writeGeoDatabase(path: string, countries: Record<string, string>): void {
  const root: Node = { left: null, right: null };
  for (const [block, country] of Object.entries(countries)) {
    const [address = '', length = '32'] = block.split('/');
    const bits = address
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length));
    let node = root;
    for (const [index, bit] of [...bits].entries()) {
      const side = bit === '0' ? 'left' : 'right';
      if (index === bits.length - 1) node[side] = country;
      else {
        const next = node[side];
        const below: Node = typeof next === 'object' && next ? next : { left: null, right: null };
        node[side] = below;
        node = below;
      }
    }
  }

  const nodes: Node[] = [];
  const collect = (node: Node) => {
    nodes.push(node);
    for (const side of [node.left, node.right]) if (side && typeof side === 'object') collect(side);
  };
  collect(root);
  const places = new Map<string, number>();
  const chunks: Buffer[] = [];
  let size = 0;
  for (const country of new Set(Object.values(countries))) {
    const entry = map({ country_code: text(country) });
    places.set(country, size);
    chunks.push(entry);
    size += entry.length;
  }
  const recordOf = (side: Node['left']) => {
    if (side === null) return nodes.length;
    if (typeof side === 'object') return nodes.indexOf(side);
    return nodes.length + SEPARATOR + places.get(side)!;
  };
  const tree = Buffer.concat(
    nodes.map((node) => {
      const record = Buffer.alloc(6);
      record.writeUIntBE(recordOf(node.left), 0, 3);
      record.writeUIntBE(recordOf(node.right), 3, 3);
      return record;
    }),
  );
  const metadata = map({
    node_count: number(6, nodes.length),
    record_size: number(5, 24),
    ip_version: number(5, 4),
    database_type: text('test'),
    languages: Buffer.from([0x00, 0x04]),
    binary_format_major_version: number(5, 2),
    binary_format_minor_version: number(5, 0),
    build_epoch: number(9, 1_767_225_600),
    description: map({}),
  });
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  writeFileSync(path, Buffer.concat([tree, Buffer.alloc(SEPARATOR), ...chunks, marker, metadata]));
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)]);
}

function map(entries: Record<string, Buffer>): Buffer {
  const pairs = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([Buffer.from([(7 << 5) | Object.keys(entries).length]), ...pairs]);
}

// Types above 7 stand in a second byte, less seven.
function number(type: 5 | 6 | 9, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Buffer.concat([Buffer.from(type > 7 ? [4, type - 7] : [(type << 5) | 4]), bytes]);
}
