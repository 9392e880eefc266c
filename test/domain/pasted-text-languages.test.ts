import { describe, expect, it } from 'vitest';
import { readAddresses } from '../../src/domain/address.ts';

const a = 'https://host.example/a';
const b = 'https://other.example/b';
const bare = 'http://host.example/a';

// Sentences say "I saw this at …", "please look", "thanks", and no more.
const tables: Record<string, [what: string, text: string, keys: string[]][]> = {
  'of Arabic script': [
    ['an Arabic comma', `رأيت هذا على ${a}، أمس.`, [a]],
    ['an Arabic semicolon', `${a}؛ ثم`, [a]],
    ['an Arabic question mark', `هل هذا ${a}؟`, [a]],
    ['a label stuck to it', `الرابط:${a}`, [a]],
    ['a word stuck before it', `الرابط${a} شكرا`, [a]],
    ['two, the "and" stuck to the second', `${a} و${b}`, [a, b]],
    ['two and an Arabic comma', `${a}،${b}`, [a, b]],
    ['marks of direction around', `\u200Fرأيت \u202A${a}\u202C أمس`, [a]],
    ['isolates around', `رأيت \u2066${a}\u2069 أمس`, [a]],
    ['an isolate and a word right after', `رأيت \u2066${a}\u2069شكرا`, [a]],
    ['a bare host', 'انظر host.example/a من فضلك', [bare]],
    ['a bare host and a comma', 'انظر host.example، شكرا', ['http://host.example/']],
    ['a word right after the host', 'انظر https://host.exampleشكرا', ['https://host.example/']],
    ['a full stop between words', `هذا سيء.انظر ${a}`, [a]],
    [
      'a host and a path of its own',
      'انظر https://مثال.example/صفحة من',
      ['https://xn--mgbh0fb.example/%D8%B5%D9%81%D8%AD%D8%A9'],
    ],
    ['a bare host with an ending of its own', 'انظر مثال.إختبار من', ['http://xn--mgbh0fb.xn--kgbechtv/']],
    ['a bracketed dot in words', 'host[نقطة]example/a', [bare]],
    ['an Urdu full stop', `میں نے یہ ${a}۔ پر دیکھا`, [a]],
    ['Persian quotes', `این سایت «${a}» است`, [a]],
    ['an onion address', 'الموقع exampleexample22.onion هنا', ['http://exampleexample22.onion/']],
    ['Hebrew before it', `ראיתי ב${a} אתמול`, [a]],
    ['a Hebrew hyphen before it', `ראיתי את זה ב-${a}.`, [a]],
  ],
  'of India and South-East Asia': [
    ['Hindi', `मैंने यह ${a} पर देखा।`, [a]],
    ['a danda', `यह है: ${a}।`, [a]],
    ['a double danda', `यह है ${a}॥`, [a]],
    ['a danda and a word', `${a}।धन्यवाद`, [a]],
    ['a full stop between Hindi words', `बुरा है.देखो ${a}`, [a]],
    ['a Hindi host', 'https://उदाहरण.example/ देखो', ['https://xn--p1b6ci4b4b3a.example/']],
    ['a Hindi host with an ending of its own', 'देखो उदाहरण.परीक्षा पर', ['http://xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g/']],
    ['Bengali', `আমি ${a}। দেখেছি`, [a]],
    ['Khmer stuck to it and a khan', `ខ្ញុំឃើញនៅ${a}។`, [a]],
    ['Khmer with zero-width spaces', `សូមមើល\u200B${a}\u200Bនៅទីនេះ`, [a]],
    ['a Khmer word after the host', 'សូមមើល https://host.exampleនៅទីនេះ', ['https://host.example/']],
    ['Thai before it', `ดูที่${a} ครับ`, [a]],
    ['Thai before a bare host', 'เว็บhost.example/a ครับ', [bare]],
    ['Thai after the host', 'ดูhost.exampleครับ', ['http://host.example/']],
    [
      'a Thai host and path',
      'ดู https://ตัวอย่าง.example/หน้า ครับ',
      ['https://xn--72c1a1bt4awk9o.example/%E0%B8%AB%E0%B8%99%E0%B9%89%E0%B8%B2'],
    ],
    ['Lao before it', `ເບິ່ງ${a} ແດ່`, [a]],
    ['a Burmese full stop', `${a}။ ကျေးဇူး`, [a]],
    ['a Tibetan mark', `${a}།`, [a]],
  ],
  'of East Asia': [
    ['Chinese before it', `网址是${a} 请处理`, [a]],
    ['Chinese before a bare host', '网址是host.example/a，请处理', [bare]],
    ['Chinese after the host', '网址是https://host.example请处理', ['https://host.example/']],
    ['a Chinese comma', `网址${a}，请处理`, [a]],
    ['full-width brackets', `サイト（${a}）です`, [a]],
    ['ideographic spaces', `看　${a}　吧`, [a]],
    ['full-width characters', '请看ｈｔｔｐｓ：／／ｈｏｓｔ．ｅｘａｍｐｌｅ／ａ　谢谢', [a]],
    ['a full-width scheme', 'ｈｔｔｐｓ：／／host.example/a', [a]],
    ['a full-width host without scheme', '看 ｗｗｗ．ｈｏｓｔ．ｅｘａｍｐｌｅ 吧', ['http://www.host.example/']],
    ['an ideographic dot', 'https://host。example/a', [a]],
    ['a half-width ideographic dot', 'https://host｡example/a', [a]],
    ['Korean after the host', 'host.example에서 봤어요', ['http://host.example/']],
    ['a Chinese host with an ending of its own', '请看 例子.测试 谢谢', ['http://xn--fsqu00a.xn--0zwm56d/']],
  ],
  'of other scripts': [
    ['an Amharic full stop', `ይህን ${a}። አየሁ`, [a]],
    ['an Amharic full stop of colons', `ይህን ${a}፡፡ አየሁ`, [a]],
    ['an Amharic comma', `${a}፣ እና`, [a]],
    ['Amharic word marks', `አድራሻ፡${a}፡እና`, [a]],
    ['an Amharic list', `${a}፤${b}`, [a, b]],
    ['a full stop between Amharic words', `መጥፎ.ተመልከት ${a}`, [a]],
    ['an Armenian full stop', `տեսա ${a}։ Շնորհակալություն`, [a]],
    ['a Greek semicolon', `το είδα ${a}· ευχαριστώ`, [a]],
    ['a Greek question mark', `το είδα ${a};`, [a]],
    ['Russian', `Видел на сайте ${a}, вчера.`, [a]],
    ['Russian without spaces', `сайт:${a};спасибо`, [a]],
    ['a full stop between Russian words', `это плохо.посмотрите ${a}`, [a]],
    ['a Russian host', 'сайт пример.example вчера', ['http://xn--e1afmkfd.example/']],
    [
      'a Russian host with an ending of its own',
      'сайт пример.испытание вчера',
      ['http://xn--e1afmkfd.xn--80akhbyknj4f/'],
    ],
    ['Spanish marks', `¿Viste ${a}?`, [a]],
    ['French spaces', `Voir\u00A0: «\u00A0${a}\u00A0»\u00A0!`, [a]],
    ['German quotes', `„${a}“ ‚${b}‘`, [a, b]],
  ],
  'of chats, mails and documents': [
    ['a chat export', `[22/11/26, 14:03:11] Name: ${a}`, [a]],
    ['a chat export with marks', `\u200E[22/11/26, 14:03:11] \u202A+254\u00A0700\u00A0000000\u202C: \u200E${a}`, [a]],
    ['a chain letter', `*Forwarded many times*\n\n⚠️ *URGENT* ⚠️\nDo NOT open ${a}\nShare with all!!!`, [a]],
    ['pictures around', `👉${a}👈`, [a]],
    ['pictures after', `${a}😡😡 ⚠️`, [a]],
    ['a flag after', `${a}🇰🇪`, [a]],
    ['a picture that is the page', 'https://host.example/👈', ['https://host.example/%F0%9F%91%88']],
    ['a sign of presentation', `${a}\uFE0F`, [a]],
    ['underscores', `_${a}_ __${b}__`, [a, b]],
    ['underscores inside', '_https://host.example/a_b_', ['https://host.example/a_b']],
    ['tildes', `~~${a}~~`, [a]],
    ['a table', `|${a}|x|`, [a]],
    ['a quotation', `>>${a}`, [a]],
    ['escaped HTML', `&lt;a href=&quot;${a}&quot;&gt;x&lt;/a&gt;`, [a]],
    ['forum tags', `[url=${a}]x[/url] [img]${b}[/img]`, [a, b]],
    ['JSON', `{"url":"${a}","x":1}`, [a]],
    ['JSON with escaped slashes', String.raw`{"url":"https:\/\/host.example\/a"}`, [a]],
    ['an escaped address', 'https%3A%2F%2Fhost.example%2Fa', [a]],
    [
      'a line broken by quoted-printable',
      `https://host.example/${'path/'.repeat(8)}printab=\r\nle.html`,
      [`https://host.example/${'path/'.repeat(8)}printable.html`],
    ],
    [
      'quoted-printable with an escaped "="',
      `https://host.example/${'path/'.repeat(8)}?a=3D1&b=3D22=\nb.html`,
      [`https://host.example/${'path/'.repeat(8)}?a=1&b=22b.html`],
    ],
    [
      'a line broken at its own "="',
      `https://host.example/${'path/'.repeat(8)}?page=\n7/b`,
      [`https://host.example/${'path/'.repeat(8)}?page=7/b`],
    ],
    ['a quoted mail', `On 22 Nov, Name <name@mail.example> wrote:\n> see ${a}\n> thanks`, [a]],
    ['a mail program that repeats it', `${a}<${a}>`, [a]],
  ],
  'of people who make it harmless, or slip': [
    ['hxxp[:]//', 'hxxp[:]//host[.]example/a', [bare]],
    ['a port made harmless', 'hxxps[:]//host[.]example[:]8443/a', ['https://host.example:8443/a']],
    ['backslashes', 'hxxp:\\\\host.example\\a', [bare]],
    ['nothing but a host that is said', 'example dot com', ['http://example.com/']],
    ['nothing but a host and path', 'host dot example/a', [bare]],
    ['a host that is said in capitals', 'HOST DOT EXAMPLE', ['http://host.example/']],
    ['a host that is said in Indonesian', 'www titik host titik example', ['http://www.host.example/']],
    ['www that is said in a sentence', 'I saw it on www dot host dot example yesterday', ['http://www.host.example/']],
    ['a scheme and a dot that is said', 'see https://host dot example/a now', [a]],
    ['htt://', 'htt://host.example/a', [bare]],
    ['htp://', 'see htp://host.example/a', [bare]],
    ['hhttps://', 'hhttps://host.example/a', [a]],
    ['httpss://', 'httpss://host.example/a', [a]],
    ['https.//', 'https.//host.example/a', [a]],
    ['no slashes', 'http:host.example/a', [bare]],
    ['two schemes', 'http://https://host.example/a', [a]],
    ['a handle behind the name of an app', 'I saw it on Telegram @name_1, yesterday', ['telegram:@name_1']],
    ['the name of an app before a marked dot', 'telegram [.] example', ['http://telegram.example/']],
    ['a handle behind a colon', 'His Instagram: @name.two. Please look', ['instagram:@name.two']],
  ],
};

describe.each(Object.entries(tables))('a pasted text %s', (_, table) => {
  it.each(table)('with %s gives its addresses', (_, text, keys) => {
    const { addresses, faults } = readAddresses(text);
    expect(faults).toEqual([]);
    expect(addresses.map(({ key }) => key)).toEqual(keys);
    for (const { raw } of addresses) expect(text).toContain(raw);
  });
});

describe('a pasted text without an address', () => {
  it.each([
    'put a dot in it',
    'I think the dot example is here',
    'dot dot dot',
    'هذا سيء.انظر من فضلك',
    'बुरा है.देखो',
    'это плохо.посмотрите',
    'مثال',
    '@name',
    'Write to @name please',
    '+254 700 000 000',
  ])('is none: %j', (text) => {
    expect(readAddresses(text).faults.map(({ code }) => code)).toEqual(['NOT_AN_ADDRESS']);
  });

  it('keeps letters right after a path: pages in many languages are called so', () => {
    const [address] = readAddresses('https://host.example/C言語').addresses;
    expect(address?.key).toBe('https://host.example/C%E8%A8%80%E8%AA%9E');
  });
});
