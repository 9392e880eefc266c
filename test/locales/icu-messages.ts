import { type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser';

/** The languages that the pages are written in. */
export const PROMISED = 'en fr es pt ar hi ur bn id ms sw am ln ny mn kk ru tr uk vi'.split(' ').sort();

/** Every placeholder of a message with its kind, also those inside plurals. */
export function placeholders(pieces: MessageFormatElement[]): string[] {
  const found = pieces.flatMap((piece) => {
    if (piece.type === TYPE.literal || piece.type === TYPE.pound) return [];
    const inside = 'options' in piece ? Object.values(piece.options).flatMap(({ value }) => placeholders(value)) : [];
    return [`${piece.value}:${piece.type}`, ...inside];
  });
  return [...new Set(found)].sort();
}

/** The plurals of a message. */
export const pluralsOf = (pieces: MessageFormatElement[]) => pieces.filter((piece) => piece.type === TYPE.plural);

/** The plural forms of a language. CLDR as Node carries it knows no Chichewa. */
export const categoriesOf = (tag: string) =>
  Intl.PluralRules.supportedLocalesOf(tag).length > 0
    ? new Intl.PluralRules(tag).resolvedOptions().pluralCategories
    : ['one', 'other'];
