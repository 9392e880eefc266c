import { endExpiredClaims } from '../../case/time-passes.ts';
import { scheduledTask } from '../task.ts';

export const endExpiredClaimsTask = scheduledTask('end-expired-claims', '* * * * *', () => endExpiredClaims());
