import { randomInt } from 'node:crypto';
import { config } from '../config.ts';

/** Draws whether an opinion is of the random share of all that needs a second one. */
export function drawnForReview(): boolean {
  return randomInt(100) < config().randomReviewPercent;
}
