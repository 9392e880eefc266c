import { publishEdition } from '../../url-list/publish-edition.ts';
import { scheduledTask } from '../task.ts';

export const publishUrlListTask = scheduledTask('publish-url-list', '5 0,12 * * *', () =>
  publishEdition({ system: true, operation: 'publish-url-list' }, new Date(), { notWithinMinutes: 60 }),
);
