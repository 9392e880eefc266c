import { timingSafeEqual } from 'node:crypto';
import { config } from '../config.ts';
import { keyedHashes } from '../secrets.ts';

const ID_BYTES = 16;
const LINK_MAC_BYTES = 16;
/** Letters of a mail address are not told apart by their case, and 64 of them are allowed before the @: hence hex, and 8 bytes. */
const MAIL_MAC_BYTES = 8;

/** What an address of ours that a message names is for: its way back when it cannot be delivered, its answer, the copy that proves that it left. */
export type MailPurpose = 'bounces' | 'reply' | 'sent';

/** The token of a notice's link (43 characters): its id and 128 bits that only we can make. */
export function linkToken(noticeId: string): string {
  const [mac] = macsOf('notice-link', noticeId, LINK_MAC_BYTES);
  return Buffer.concat([bytesOf(noticeId), mac ?? Buffer.alloc(0)]).toString('base64url');
}

/** The id of the notice that a link's token names, or null for any text that we did not make. */
export function noticeOfLink(token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  // The last character of base64 can be written in several ways: only ours is taken.
  if (bytes.length !== ID_BYTES + LINK_MAC_BYTES || bytes.toString('base64url') !== token) return null;
  const noticeId = idOf(bytes.subarray(0, ID_BYTES));
  return isOurs('notice-link', noticeId, bytes.subarray(ID_BYTES)) ? noticeId : null;
}

/** Whether a text has the form of a link's token, whether or not it opens anything. */
export function looksLikeLink(token: string): boolean {
  return /^[\w-]{43}$/.test(token);
}

/** The address at which our own receiver takes what belongs to a notice. */
export function mailAddress(purpose: MailPurpose, noticeId: string): string {
  const [mac] = macsOf('notice-mail', `${purpose}:${noticeId}`, MAIL_MAC_BYTES);
  return `${purpose}+${bytesOf(noticeId).toString('hex')}${mac?.toString('hex') ?? ''}@${config().mailDomain}`;
}

/** What an address of ours is for, or null for one that we did not make. */
export function readMailAddress(address: string): { purpose: MailPurpose; noticeId: string } | null {
  const [, purpose, id, mac] = /^(bounces|reply|sent)\+([0-9a-f]{32})([0-9a-f]{16})@/.exec(address.toLowerCase()) ?? [];
  if (!purpose || !id || !mac) return null;
  const noticeId = idOf(Buffer.from(id, 'hex'));
  if (!isOurs('notice-mail', `${purpose}:${noticeId}`, Buffer.from(mac, 'hex'))) return null;
  return { purpose: purpose as MailPurpose, noticeId };
}

function macsOf(purpose: 'notice-link' | 'notice-mail', text: string, bytes: number): Buffer[] {
  return keyedHashes(purpose, text).map((hash) => Buffer.from(hash).subarray(0, bytes));
}

function isOurs(purpose: 'notice-link' | 'notice-mail', text: string, mac: Buffer): boolean {
  return macsOf(purpose, text, mac.length).some((ours) => timingSafeEqual(ours, mac));
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
