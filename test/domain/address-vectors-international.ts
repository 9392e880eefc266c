/** UTS 46 as WHATWG URL uses it: mapped, composed, never transitional (ß and ς stay themselves). */
export const international: [string, string | null][] = (
  [
    ['B\u00DCcher', 'xn--bcher-kva'],
    ['bu\u0308cher', 'xn--bcher-kva'],
    ['XN--BCHER-KVA', 'xn--bcher-kva'],
    ['fa\u00DF', 'xn--fa-hia'],
    ['fass', 'fass'],
    ['\u03B2\u03CC\u03BB\u03BF\u03C2', 'xn--nxasmm1c'],
    ['\u03B2\u03CC\u03BB\u03BF\u03C3', 'xn--nxasmq6b'],
    ['\u0DC1\u0DCA\u200D\u0DBB\u0DD3', 'xn--10cl1a0b660p'],
    ['\u0646\u0627\u0645\u0647\u200C\u0627\u06CC', 'xn--mgba3gch31f060k'],
    ['\uFB01le', 'file'],
    ['\uFF48\uFF4F\uFF53\uFF54', 'host'],
    ['ho\u017Ft', 'host'],
    ['\u212Aey', 'key'],
    ['\u212Bngstr', 'xn--ngstr-lra'],
    ['x\u2075', 'x5'],
    ['\u2167', 'viii'],
    ['\u2119age', 'page'],
    ['\u{1D421}ost', 'host'],
    ['\uFF71', 'xn--cck'],
    ['\u0130stanbul', 'xn--istanbul-o0e'],
    ['\u2603', 'xn--n3h'],
    ['\u{1F4A9}', 'xn--ls8h'],
    ['i\u2764\uFE0F', 'xn--i-7iq'],
    ['\u4F8B\u5B50', 'xn--fsqu00a'],
    ['\u043F\u0440\u0438\u043C\u0435\u0440', 'xn--e1afmkfd'],
    ['\u041F\u0420\u0418\u041C\u0415\u0420', 'xn--e1afmkfd'],
    ['\u0645\u062B\u0627\u0644', 'xn--mgbh0fb'],
    ['\u0909\u0926\u093E\u0939\u0930\u0923', 'xn--p1b6ci4b4b3a'],
    ['a--b', 'a--b'],
    ['-a-', '-a-'],
    ['a_b', 'a_b'],
    ['xn--fa-hia', 'xn--fa-hia'],
    ['a\u2488', null],
    ['\u0301a', null],
    ['\u05D01', 'xn--1-zhc'],
    ['\u0660\u06F0', null],
    ['\u{E0001}a', 'a'],
    ['\u2260', 'xn--1ch'],
    ['a\u226Eb', 'xn--ab-tjv'],
    ['\u0378', null],
    ['a'.repeat(63), 'a'.repeat(63)],
    ['\u00FC'.repeat(10), 'xn--tdaaaaaaaaaa'],
  ] as [string, string | null][]
).map(([label, ascii]) => [`https://${label}.example/`, ascii === null ? null : `https://${ascii}.example/`]);

const labels = (table: [label: string, ...ascii: (string | null)[]][]) =>
  table.map((row) => row.map((label) => (label === null ? null : `https://${label}.example/`)));

/**
 * Names that Node reads differently, by the version of its URL parser: first Ada 2 (Node 20 and 22; Unicode 15), then Ada 3 and
 * later (Node 24; Unicode 16 and 17, and stricter about direction). Cases keep their keys until `addresses rekey` runs.
 */
export const differing = labels([
  ['fa\u1E9E', 'fass', 'xn--fa-hia'], // capital sharp s: was mapped to "ss", now to "ß"
  ['\u1C89', null, 'xn--d4f'], // letters of Unicode 16 and 17
  ['\uA7CB', null, 'xn--3na'],
  ['\uA7DA', null, 'xn--d88a'],
  ['\u{105C0}', null, 'xn--4u8c'],
  ['\u{10D50}', null, 'xn--dh0d'],
  ['\u{11BC0}', null, 'xn--1g3d'],
  ['\u{16D40}', null, 'xn--5h0f'],
  ['a\u05D0', 'xn--a-0hc', null], // left-to-right and right-to-left in one label
  ['1\u05D0', 'xn--1-0hc', null],
  ['\u0661', 'xn--9hb', null],
  ['xn--a', null, 'xn--a'], // not punycode
  ['xn--', null, 'xn--'],
]) as [typed: string, before: string | null, now: string | null][];
