import { timingSafeEqual } from 'node:crypto';
import { config } from '../config.ts';
import { bytesOfId, idOfBytes, idOfLink, linkTokenOf } from '../link-token.ts';
import { keyedHashes } from '../secrets.ts';

/** Letters of a mail address are not told apart by their case, and 64 of them are allowed before the @: hence hex, and 8 bytes. */
const MAIL_MAC_BYTES = 8;

/** What an address of ours that a message names is for: its way back when it cannot be delivered, its answer, the copy that proves that it left. */
export type MailPurpose = 'bounces' | 'reply' | 'sent';

/** The token of a notice's link (43 characters). */
export function linkToken(noticeId: string): string {
  return linkTokenOf('notice-link', noticeId);
}

/** The id of the notice that a link's token names, or null for any text that we did not make. */
export function noticeOfLink(token: string): string | null {
  return idOfLink('notice-link', token);
}

/** Whether a text has the form of a link's token, whether or not it opens anything. */
export function looksLikeLink(token: string): boolean {
  return /^[\w-]{43}$/.test(token);
}

/** The address at which our own receiver takes what belongs to a notice. */
export function mailAddress(purpose: MailPurpose, noticeId: string): string {
  const [mac] = macsOf(`${purpose}:${noticeId}`);
  return `${purpose}+${bytesOfId(noticeId).toString('hex')}${mac?.toString('hex') ?? ''}@${config().mailDomain}`;
}

/** What an address of ours is for, or null for one that we did not make. */
export function readMailAddress(address: string): { purpose: MailPurpose; noticeId: string } | null {
  const [, purpose, id, mac] = /^(bounces|reply|sent)\+([0-9a-f]{32})([0-9a-f]{16})@/.exec(address.toLowerCase()) ?? [];
  if (!purpose || !id || !mac) return null;
  const noticeId = idOfBytes(Buffer.from(id, 'hex'));
  if (!isOurs(`${purpose}:${noticeId}`, Buffer.from(mac, 'hex'))) return null;
  return { purpose: purpose as MailPurpose, noticeId };
}

function macsOf(text: string): Buffer[] {
  return keyedHashes('notice-mail', text).map((hash) => Buffer.from(hash).subarray(0, MAIL_MAC_BYTES));
}

function isOurs(text: string, mac: Buffer): boolean {
  return macsOf(text).some((ours) => timingSafeEqual(ours, mac));
}
