import { NotFoundError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { pageSize, WHOLE_NUMBER } from '../graphql/connection.ts';
import { signedIn } from '../graphql/context.ts';
import { dropJob, type FailedJob as Failed, failedJobs, retryJob } from './list-jobs.ts';

const FailedJob = builder.objectRef<Failed>('FailedJob').implement({
  description: 'Work for later that failed. What it is about is not shown.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    task: t.exposeString('task', { description: 'What kind of work, such as send-notice.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'How often it is tried before it is given up.' }),
    failure: t.exposeString('failure', {
      description: 'The class and code of the last error; its words are not kept.',
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was queued.' }),
    failedAt: t.expose('failedAt', { type: 'DateTime', description: 'When it failed last.' }),
    triesAgainAt: t.expose('triesAgainAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried again; null where it is given up and waits for retryJob or dropJob.',
    }),
  }),
});

builder.queryField('failedJobs', (t) =>
  t.field({
    type: [FailedJob],
    description: 'Work for later that failed, the latest first. For supervisors and administrators.',
    args: { first: t.arg.int({ defaultValue: 50, description: 'How many, 1 to 100.' }) },
    resolve: (_root, { first }) => failedJobs(pageSize(first, 50)),
  }),
);

const id = 'The id of a failed job.';

builder.mutationFields((t) => ({
  retryJob: t.field({
    type: FailedJob,
    description: 'Lets a failed job be tried again at once, as if it had not failed.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: id }) },
    resolve: (_root, args, context) => retryJob(signedIn(context), known(args.id)),
  }),
  dropJob: t.field({
    type: FailedJob,
    description: 'Takes a failed job out of the queue for good; the answer is the job as it was.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: id }) },
    resolve: (_root, args, context) => dropJob(signedIn(context), known(args.id)),
  }),
}));

function known(jobId: string): string {
  if (!WHOLE_NUMBER.test(jobId)) throw new NotFoundError('failed job');
  return jobId;
}
