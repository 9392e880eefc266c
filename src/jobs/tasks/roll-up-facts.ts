import { rollUpFacts } from '../../statistics/roll-up-facts.ts';
import { scheduledTask } from '../task.ts';

export const rollUpFactsTask = scheduledTask('roll-up-facts', '* * * * *', () => rollUpFacts());
