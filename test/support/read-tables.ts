import { strFromU8, unzipSync } from 'fflate';

/** Reads CSV as RFC 4180 has it, and nothing else: throws on a bare line break, a stray quote, or lines of unequal length. */
export function readCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  let rest = text;
  while (rest.length > 0) {
    const field = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/.exec(rest);
    if (!field) throw new Error(`not RFC 4180: ${JSON.stringify(rest.slice(0, 40))}`);
    const [whole, quoted, plain = '', end] = field;
    lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
    if (end === '\r\n' && rest.length > 0) lines.push([]);
  }
  const [head = [], ...body] = lines;
  return body.map((line) => {
    if (line.length !== head.length) throw new Error(`a line of ${line.length} fields under ${head.length} headings`);
    return Object.fromEntries(head.map((name, index) => [name, line[index] ?? '']));
  });
}

/** A cell of a workbook: its text or number, null where it is empty; and whether it is a formula. */
type Cell = { value: string | number | null; formula: boolean };

/** Reads the sheets of a workbook (Office Open XML) by their names. */
export function readXlsx(bytes: Uint8Array): Map<string, Cell[][]> {
  const files = unzipSync(bytes);
  const text = (name: string) => {
    const file = files[name];
    if (!file) throw new Error(`no ${name} in the workbook`);
    const xml = strFromU8(file);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has none of these.
    if (/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(xml)) throw new Error(`${name} is not XML`);
    return xml;
  };
  const shared = [...text('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si = '']) =>
    plain([...si.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, part]) => part).join('')),
  );
  const names = [...text('xl/workbook.xml').matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name = '']) =>
    plain(name),
  );
  return new Map(names.map((name, index) => [name, rowsOf(text(`xl/worksheets/sheet${index + 1}.xml`), shared)]));
}

function rowsOf(xml: string, shared: string[]): Cell[][] {
  return [...xml.matchAll(/<row[^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, row = '']) => {
    const cells: Cell[] = [];
    for (const [, attributes = '', content = ''] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const letters = /r="([A-Z]+)\d+"/.exec(attributes)?.[1] ?? '';
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      while (cells.length < column) cells.push({ value: null, formula: false });
      const value = /<v>(.*?)<\/v>/s.exec(content)?.[1];
      const isShared = /t="s"/.test(attributes);
      cells.push({
        value: value === undefined ? null : isShared ? (shared[Number(value)] ?? null) : Number(value),
        formula: content.includes('<f>'),
      });
    }
    return cells;
  });
}

function plain(xml = ''): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex || decimal) return String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10));
    return signs[name] ?? whole;
  });
}
