// Endings of file names that are no top-level domain: `page.html` in a text is not a host.
const fileEnding =
  /^(?:html?|s?html|php\d?|aspx?|jspx?|jpe?g|png|gif|webp|bmp|svg|txt|pdf|docx?|xlsx?|pptx?|mp[34]|avi|mkv|webm|exe|js|ts|css|json|xml|gz|db|rar|apk)$/;
// Endings believed of a bare host in the middle of a text; the IANA list is too long and too often changed to copy here.
const commonEnding =
  /^(?:[a-z]{2}|com|net|org|info|biz|name|mobi|pro|edu|gov|int|onion|example|test|invalid|xyz|top|site|online|club|shop|app|dev|store|live|life|world|space|website|tech|fun|icu|vip|work|link|click|blog|cloud|page|wiki|media|chat|video|photos|pics|tube|cam|social|one|lol|zone|host|press|buzz|cyou|sbs|today|digital|network|group|stream|xn--[a-z0-9-]+)$/;
// The same in other scripts, so that two words with a full stop between them are no host: country codes in use, the first
// general ones, and the eleven that IANA reserved for tests.
const commonEndings = new Set(
  `рф укр бел қаз срб мкд мон бг ею онлайн сайт орг ком дети москва ευ ελ հայ გე ישראל קום
  ایران پاکستان بھارت بارت ڀارت الاردن الجزائر السعودية المغرب امارات تونس سورية سودان عراق عمان فلسطين قطر مصر مليسيا اليمن
  موريتانيا البحرين شبكة موقع بازار 中国 中國 香港 台湾 台灣 澳門 新加坡 中文网 公司 网络 在线 网址 みんな コム 한국 닷컴 닷넷
  சிங்கப்பூர் இந்தியா இலங்கை ලංකා భారత్ ಭಾರತ ഭാരതം ভারত ভাৰত বাংলা ભારત ਭਾਰਤ ଭାରତ भारत भारतम् भारोत कॉम संगठन नेट ไทย คอม ລາວ
  испытание परीक्षा إختبار آزمایشی טעסט δοκιμή பரிட்சை 测试 測試 テスト 테스트`.split(/\s+/),
);

/** Whether the last label of what looks like a host, in lower case, is the ending of a file's name. */
export function isFileEnding(ending: string): boolean {
  return fileEnding.test(ending);
}

/** Whether the last label of what looks like a host, in lower case, is so common a top-level domain that it is believed among other words. */
export function isCommonEnding(ending: string): boolean {
  return commonEnding.test(ending) || commonEndings.has(ending.normalize('NFC'));
}
