import { IntlMessageFormat } from 'intl-messageformat';

/** English with accents and 40 % longer, made by code: shows texts that were not translated and boxes that are too small. */
export const PSEUDO_LOCALE = 'en-XA';

type Piece = ReturnType<IntlMessageFormat['getAst']>[number];

/** The kind of a piece that is plain text, in the syntax tree of an ICU message. */
const LITERAL = 0;

const accents: Record<string, string> = {
  a: 'áá',
  e: 'éé',
  i: 'îî',
  o: 'öö',
  u: 'ûû',
  c: 'ç',
  n: 'ñ',
  s: 'š',
  y: 'ýý',
  A: 'Å',
  E: 'É',
  I: 'Î',
  O: 'Ö',
  U: 'Û',
};

/** A message of the pseudo-locale: the English one with accents and doubled vowels, its placeholders untouched. */
export function pseudoMessage(english: IntlMessageFormat): IntlMessageFormat {
  return new IntlMessageFormat(english.getAst().map(pseudo), 'en');
}

function pseudo(piece: Piece): Piece {
  if (piece.type === LITERAL) return { ...piece, value: piece.value.replace(/[a-zA-Z]/g, (c) => accents[c] ?? c) };
  if (!('options' in piece)) return piece;
  const options = Object.entries(piece.options).map(([name, option]) => [
    name,
    { ...option, value: option.value.map(pseudo) },
  ]);
  return { ...piece, options: Object.fromEntries(options) };
}
