import { builder, refOf } from '../graphql/builder.ts';
import { caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { ActionKind, HostAnswer, NoticeState, NoticeStep, ReferTo } from '../graphql/enums.ts';
import { notifyHost, referCase } from './send-action.ts';

builder.prismaObject('Action', {
  description: 'A notice to a host, or a referral to the police or another hotline.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ActionKind, description: 'What it is.' }),
    recipient: t.exposeString('recipient', { description: 'To whom it went.' }),
    recipientCountry: t.expose('recipientCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'In which country they are.',
    }),
    sentBy: t.relation('sentBy', {
      type: Colleague,
      nullable: true,
      description: 'Who sent it; null for the platform itself, by its schedule.',
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was decided.' }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it went out; null while it waits.',
    }),
    withdrawnAt: t.expose('withdrawnAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back, because nobody needed to be asked any more before it went out.',
    }),
    answer: t.expose('answer', {
      type: HostAnswer,
      nullable: true,
      description: 'What the recipient answered by the link.',
    }),
    answeredAt: t.expose('answeredAt', { type: 'DateTime', nullable: true, description: 'When they did.' }),
    state: t.field({
      type: NoticeState,
      description: 'Where its message is; SENT for what a person told the recipient by themselves.',
      select: { withdrawnAt: true, notice: { select: { state: true } } },
      resolve: ({ withdrawnAt, notice }) => (withdrawnAt ? 'WITHDRAWN' : (notice?.state ?? 'SENT')),
    }),
    step: t.field({
      type: NoticeStep,
      nullable: true,
      description: 'The first message, a reminder or a further step; null for what a person told by themselves.',
      select: { notice: { select: { step: true } } },
      resolve: ({ notice }) => notice?.step ?? null,
    }),
    contact: t.field({
      type: refOf('Contact'),
      nullable: true,
      description: 'The contact of the registry that it went to, by a message of ours.',
      select: (_args, _context, nested) => ({ notice: { select: { contact: nested() } } }),
      resolve: ({ notice }) => notice?.contact ?? null,
    }),
    notice: t.relation('notice', { nullable: true, description: 'The message that it is a line of, if ours.' }),
    case: t.relation('case', { description: 'The case that it is about.' }),
  }),
});

builder.prismaObjectField('Case', 'actions', (t) =>
  t.relation('actions', { description: 'What was sent, oldest first.', query: { orderBy: { queuedAt: 'asc' } } }),
);

type Fields = Parameters<typeof caseInputFields>[0];

const recipientFields = (t: Fields) => ({
  contact: t.id({
    description: 'The contact of the registry to write to: it goes with the next message to it, within the hour.',
  }),
  urgent: t.boolean({
    description: 'True: the message to the contact waits for nothing. So it is when a child is in danger.',
  }),
  recipient: t.string({ description: 'Instead of a contact: whom you told yourself, which is only recorded.' }),
  recipientCountry: t.field({ type: 'CountryCode', description: 'In which country that recipient is.' }),
});

const NotifyHostInput = builder.inputType('NotifyHostInput', {
  description: 'A notice to a host, its network or its registrar: to a contact, or one that you sent yourself.',
  fields: (t) => ({ ...caseInputFields(t), ...recipientFields(t) }),
});

const ReferCaseInput = builder.inputType('ReferCaseInput', {
  description: 'A referral: to a contact, or one that you made yourself.',
  fields: (t) => ({
    ...caseInputFields(t),
    to: t.field({ type: ReferTo, required: true, description: 'To the police or to a hotline.' }),
    ...recipientFields(t),
  }),
});

caseMutation(
  'notifyHost',
  'Has a host asked to remove the content, or records that you asked. Possible once no second opinion is owed.',
  NotifyHostInput,
  notifyHost,
);
caseMutation('referCase', 'Refers the case to the police or to a hotline.', ReferCaseInput, referCase);
