/** How much of a long test is done: all that is promised by `SOAK=full`, and each time a part, so that all tests stay within minutes. */
export function soak(full: number, part: number): number {
  return process.env['SOAK'] === 'full' ? full : part;
}
