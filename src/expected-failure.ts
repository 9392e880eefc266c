/** A failure whose message alone, a line with the remedy, is for whoever typed the command. */
export class ExpectedFailure extends Error {
  override name = 'ExpectedFailure';
}
