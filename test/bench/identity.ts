import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { selfSignedCertificate } from './self-signed.ts';

const AUDIENCE = 'urn:reporting-portals:api';

/** An identity provider: what servers need to know to believe its tokens, and a way to get one. */
export type Identity = {
  issuer: string;
  audience: string;
  /** A file with its public keys, and one with the certificate of the authority that vouches for its https. */
  keysFile: string;
  certificateFile: string;
  /** A token of this `sub`, for two days; or one whose time is over. */
  tokenOf: (subject: string, options?: { expired: boolean }) => Promise<string>;
  stop: () => void;
};

/** Starts an identity provider that production takes: over https, found by discovery, with keys of its own. Its files go to `folder`. */
export async function startIdentity(folder: string): Promise<Identity> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const kid = randomUUID();
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] };
  const { key, certificate } = selfSignedCertificate(new Date());
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    const answer = isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : keys;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
  const keysFile = join(folder, 'keys.json');
  const certificateFile = join(folder, 'certificate.pem');
  writeFileSync(keysFile, JSON.stringify(keys));
  writeFileSync(certificateFile, certificate);
  return {
    issuer,
    audience: AUDIENCE,
    keysFile,
    certificateFile,
    tokenOf: (subject, { expired } = { expired: false }) =>
      new SignJWT({ client_id: 'bench' })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .setIssuer(issuer)
        .setSubject(subject)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(expired ? '-1h' : '48h')
        .sign(privateKey),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
