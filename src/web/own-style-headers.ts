import { createHash } from 'node:crypto';

/** The headers of a page that needs nothing but its own style: its content security policy allows that text alone. */
export function ownStyleHeaders(style: string): { 'content-security-policy': string } {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = ["default-src 'none'", `style-src 'sha256-${hash}'`, "base-uri 'none'", "form-action 'none'"];
  return { 'content-security-policy': [...policy, "frame-ancestors 'none'"].join('; ') };
}
