// How to check a proof without us. A test runs these lines as they stand on the page.

/** Stands in the lines where a reader puts their proof. */
export const PROOF_PLACE = 'PASTE-THE-PROOF-HERE';

/** Lines of JavaScript that check a proof with jose and print what it says. */
export const joseLines = (publicUrl: string) => `// npm install jose
import { compactVerify, createRemoteJWKSet } from 'jose';

const keys = createRemoteJWKSet(new URL('${publicUrl}/.well-known/jwks.json'));
const { payload } = await compactVerify('${PROOF_PLACE}', keys, { algorithms: ['EdDSA'] });
console.log(new TextDecoder().decode(payload));`;

/** Lines of shell that check a proof with OpenSSL 3: the octal digits are the head of an Ed25519 public key (RFC 8410, §4). */
export const opensslLines = (publicUrl: string) => `proof='${PROOF_PLACE}'
bytes() {
  text=$(printf %s "$1" | tr -- -_ +/)
  while [ $((\${#text} % 4)) -gt 0 ]; do text="$text="; done
  printf %s "$text" | base64 -d
}
kid=$(bytes "\${proof%%.*}" | sed 's/.*"kid":"\\([^"]*\\)".*/\\1/')
x=$(curl -s ${publicUrl}/.well-known/jwks.json |
  tr '}' '\\n' | grep -- "\\"$kid\\"" | sed 's/.*"x":"\\([^"]*\\)".*/\\1/')
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; bytes "$x"; } > key.der
printf %s "\${proof%.*}" > signed
bytes "\${proof##*.}" > signature
claims=\${proof#*.}
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed -sigfile signature &&
  bytes "\${claims%%.*}"`;
