const pairs = (text: string): [string, string][] => text.split(' ').map((pair) => [pair[0] ?? '', pair[1] ?? '']);

/**
 * Letters that a reader takes for the Latin letter beside them, from Unicode's confusables.txt (UTS 39), as a host has them:
 * small, but Cherokee in capitals. Without "ı", which Turkish words need.
 */
const twins = new Map([
  ...pairs('аa сc ԁd еe гr һh іi ӏl јj оo рp ԛq ѕs ѵv ѡw ԝw хx уy үy'), // Cyrillic
  ...pairs('αa ιi οo σo ρp υu νv γy ϳj'), // Greek
  ...pairs('աw գq զq հh ոn ռn սu ցg օo քf'), // Armenian
  ...pairs('Ꭰd Ꭱr Ꭲt Ꭵi Ꭹy Ꭺa Ꭻj Ꭼe Ꮃw Ꮇm Ꮋh Ꮍy Ꮐg Ꮒh Ꮓz Ꮟb Ꮢr Ꮤw Ꮥs Ꮩv Ꮪs Ꮮl Ꮯc Ꮲp Ꮶk Ꮷd Ᏻg Ᏼb'), // Cherokee
  ...pairs('ɑa ɡg ɪi ǀl ᴄc ᴏo ꜱs ᴜu ᴠv ᴡw ʏy ᴢz'), // letters of phonetic script, counted as Latin
]);
/** Letters and digits that deceive only among Latin letters. By themselves they make ordinary words. */
const twinsAmongLatin = new Map([
  ...twins,
  ...pairs('вb иu кk мm нh пn тt шw щw ьb'), // Cyrillic
  ...pairs('βb εe ηn κk μu τt χx ωw'), // Greek
  ...pairs('०o ০o ੦o ૦o ௦o ౦o ೦o ൦o ๐o ໐o ၀o ჿo ყy'), // zeros of South Asia, letters of Georgian
]);

const scripts = [/\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];

/**
 * The plain ASCII name that a host, in lower case and Unicode, is made to look like; null where it is what it seems. To warn
 * by, never to merge by: it is another site.
 *
 * Looked for are labels that mix Latin with letters of the tables, and labels wholly of such letters (UTS 39, mixed- and
 * whole-script confusables) unless the host's ending is of their script too: a Russian word under a Russian ending is a
 * word. Accented letters, and the mixtures that UTS 39 calls highly restrictive (Latin with Han and kana, Bopomofo or
 * Hangul), pass: no letter of theirs is in the tables.
 */
export function lookAlikeOf(host: string): string | null {
  if (!/[^\0-\x7F]/.test(host)) return null;
  const labels = host.split('.');
  const ending = labels.at(-1) ?? '';
  const plain = labels.map((label) => plainLabel(label, ending));
  if (plain.every((label) => label === null)) return null;
  return labels.map((label, place) => plain[place] ?? label).join('.');
}

function plainLabel(label: string, ending: string): string | null {
  const bare = [...label.normalize('NFD').replace(/\p{Mark}/gu, '')];
  const letters = bare.filter((character) => !/[0-9_-]/.test(character));
  const mixed = letters.some((letter) => /[a-z]/.test(letter));
  const table = mixed ? twinsAmongLatin : twins;
  if (!letters.some((letter) => table.has(letter))) return null;
  if (letters.some((letter) => !/[a-z]/.test(letter) && !table.has(letter))) return null;

  const native = scripts.find((script) => script.test(ending));
  if (native !== undefined && letters.every((letter) => native.test(letter))) return null;
  return bare.map((character) => table.get(character) ?? character).join('');
}
