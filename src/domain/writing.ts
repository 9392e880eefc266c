/**
 * A letter of a script that is written without spaces or whose words people set right beside an address, as the source of a
 * regular expression with the flag `u`. Latin and the scripts with letters like Latin ones are none: they may imitate a name.
 */
export const OTHER_LETTER = String.raw`(?:(?![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}])[\p{L}\p{M}])`;

/** Signs that end a sentence or a part of one outside ASCII, from Arabic to Tibetan, for use in a character class. */
export const SENTENCE_SIGNS = '，。；！？、؟،؛۔।॥።፣፤፥፦፡፧។៕៖။၊։՝՞·།༎…';

/** "Dot" as people say it in the languages of the portals, as the source of a regular expression. */
export const DOT_WORD = 'dot|punkt|point|punto|ponto|titik|nokta|nukta|chấm|точка|нүкте|крапка|цэг|نقطة|ڈاٹ|डॉट|ডট|ነጥብ';
