/** The least contrast of text and of the parts of a control (WCAG 2.2, 1.4.3 AA). */
export const LEAST_CONTRAST = 4.5;

/**
 * The contrast of white with a colour `#rrggbb`, from 1 (white) to 21 (black), whichever of the two is the text; null where that
 * is no such colour. By WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
 */
export function contrastWithWhite(colour: string): number | null {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16)));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

// One channel of sRGB, 0 to 255, as light: 0 to 1.
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
