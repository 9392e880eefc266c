import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const ECDSA_WITH_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const BASIC_CONSTRAINTS = '0603551d13';
const ALTERNATIVE_NAME = '0603551d11';
const KEY_IDENTIFIER = '0603551d0e';
const DAY_MS = 86_400_000;

/** A certificate for `localhost` that signs itself and is good for two days, in PEM with its key (X.509, RFC 5280). */
export function selfSignedCertificate(now: Date): { key: string; certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const head = der(
    0x30,
    der(0xa0, hex('020102')),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    der(0x30, hex(ECDSA_WITH_SHA256)),
    nameOf('localhost'),
    der(0x30, timeOf(now.getTime() - DAY_MS), timeOf(now.getTime() + 2 * DAY_MS)),
    nameOf('localhost'),
    spki(publicKey),
    der(0xa3, der(0x30, ...extensions(publicKey))),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', head, privateKey));
  const whole = der(0x30, head, der(0x30, hex(ECDSA_WITH_SHA256)), signature);
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function extensions(key: KeyObject): Buffer[] {
  const authority = der(0x30, hex('0101ff'));
  const names = der(0x30, der(0x82, Buffer.from('localhost')));
  const identifier = der(0x04, createHash('sha1').update(spki(key)).digest());
  return [
    der(0x30, hex(BASIC_CONSTRAINTS), hex('0101ff'), der(0x04, authority)),
    der(0x30, hex(ALTERNATIVE_NAME), der(0x04, names)),
    der(0x30, hex(KEY_IDENTIFIER), der(0x04, identifier)),
  ];
}

const hex = (text: string) => Buffer.from(text, 'hex');
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const nameOf = (name: string) => der(0x30, der(0x31, der(0x30, hex(COMMON_NAME), der(0x0c, Buffer.from(name)))));
// UTCTime: YYMMDDhhmmssZ.
const timeOf = (at: number) => der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

/** One element of DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
