import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastWithWhite } from '../../src/domain/contrast.ts';

const colours = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 })));
const hex = (channels: number[]) => `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
const contrastOf = (channels: number[]) => contrastWithWhite(hex(channels)) ?? Number.NaN;

describe('the contrast of a colour with white', () => {
  // Published examples: #767676 is known as the lightest grey that passes 4.5, #777777 as the first that fails.
  it.each([
    ['#000000', 21],
    ['#ffffff', 1],
    ['#767676', 4.54],
    ['#777777', 4.48],
    ['#ff0000', 4],
    ['#0000FF', 8.59],
    ['#008000', 5.14],
  ])('of %s is %d to 1', (colour, contrast) => {
    expect(contrastWithWhite(colour)).toBeCloseTo(contrast, 2);
  });

  it('lies between 1 and 21, and never falls when a channel is darkened', () => {
    fc.assert(
      fc.property(colours, fc.nat(2), fc.nat(255), (channels, at, by) => {
        const darker = channels.with(at, Math.max(0, (channels[at] ?? 0) - by));
        expect(contrastOf(channels)).toBeGreaterThanOrEqual(1);
        expect(contrastOf(darker)).toBeGreaterThanOrEqual(contrastOf(channels));
        expect(contrastOf(darker)).toBeLessThanOrEqual(21);
      }),
    );
  });

  it.each(['', '#fff', '123456', '#12345g', '#1234567', ' #123456', 'red'])('is not known of %j', (text) => {
    expect(contrastWithWhite(text)).toBeNull();
  });
});
