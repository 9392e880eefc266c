import { createHash } from 'node:crypto';

/** The style element of a page, and the policy that allows it and nothing else. */
export type Theme = { style: string; policy: string };

/** The colour of portals that have none of their own. */
const ACCENT = '#1f4e5f';

const themes = new Map<string, Theme>();

/** The theme of a colour `#rrggbb`, which savePortal has checked to be dark enough for white letters. */
export function themeOf(accentColour: string | null | undefined): Theme {
  const accent = /^#[0-9a-f]{6}$/i.test(accentColour ?? '') ? String(accentColour) : ACCENT;
  const theme = themes.get(accent) ?? makeTheme(accent);
  themes.set(accent, theme);
  return theme;
}

function makeTheme(accent: string): Theme {
  const style = `:root{--accent:${accent}}`;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'self' 'sha256-${hash}'`,
    "script-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { style, policy };
}
