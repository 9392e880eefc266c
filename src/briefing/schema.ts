import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { byOf, signedIn } from '../graphql/context.ts';
import { briefingLink, confirmBriefing, type BriefingLink as Link, stopBriefing } from './briefing-link.ts';
import { type OwnBriefing, ownBriefing, saveBriefing, stopOwnBriefing } from './own-briefing.ts';

const BriefingState = builder.enumType('BriefingState', {
  description: 'Where a monthly mail stands.',
  values: {
    WAITING: { description: 'The address is not confirmed: nothing is sent but the mail that asks for it.' },
    ACTIVE: { description: 'A mail goes out when a month is published or corrected, while the agreement is in force.' },
    STOPPED: { description: 'Nothing is sent, and the address is deleted.' },
  },
});

const BriefingPurpose = builder.enumType('BriefingPurpose', {
  description: 'What the link of a mail is for.',
  values: {
    CONFIRM: { description: 'To confirm the address.' },
    STOP: { description: 'To stop the monthly mail.' },
  },
});

const Briefing = builder.objectRef<OwnBriefing>('Briefing').implement({
  description: 'Your monthly mail: one sentence a country and the link, when a month is published.',
  fields: (t) => ({
    email: t.exposeString('email', { nullable: true, description: 'Where it goes; null once it is stopped.' }),
    language: t.expose('language', { type: 'LanguageTag', description: 'The language that it is written in.' }),
    state: t.expose('state', { type: BriefingState, description: 'Where it stands.' }),
    since: t.expose('since', { type: 'Date', description: 'Since which day.' }),
  }),
});

const BriefingLink = builder.objectRef<Link>('BriefingLink').implement({
  description: 'What a link in a mail opens. It tells no address.',
  fields: (t) => ({
    purpose: t.expose('purpose', { type: BriefingPurpose, description: 'What it is for.' }),
    language: t.expose('language', { type: 'LanguageTag', description: 'The language of the mail.' }),
  }),
});

const SaveBriefingInput = builder.inputType('SaveBriefingInput', {
  description: 'A monthly mail.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Where to: it has to be confirmed by the link of a first mail.' }),
    language: t.field({
      type: 'LanguageTag',
      required: true,
      description: 'The language to write in: one that the figures’ pages are in.',
    }),
  }),
});

const token = { required: true, description: 'The last part of the link.' } as const;

builder.queryFields((t) => ({
  briefing: t.field({
    type: Briefing,
    nullable: true,
    description: 'Your own monthly mail; null where you asked for none.',
    resolve: (_root, _args, context) => ownBriefing(signedIn(context).viewer.id),
  }),
  briefingLink: t.field({
    type: BriefingLink,
    nullable: true,
    description: 'What the link of a mail is for; null for one that opens nothing. Nothing changes by looking.',
    args: { token: t.arg.string(token) },
    resolve: (_root, args, { now }) => briefingLink(args.token, now),
  }),
}));

builder.mutationFields((t) => ({
  saveBriefing: t.field({
    type: Briefing,
    description:
      'Asks for the monthly mail, or changes it. A new address gets a first mail, by whose link it is confirmed within seven days; at most one such mail in five minutes.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: SaveBriefingInput, required: true, description: 'The monthly mail.' }) },
    resolve: (_root, { input }, context) => saveBriefing(signedIn(context), input, context.now),
  }),
  stopOwnBriefing: t.field({
    type: Briefing,
    description: 'Stops your monthly mail and deletes the address.',
    errors: { types: [NotFoundError] },
    resolve: (_root, _args, context) => stopOwnBriefing(signedIn(context), context.now),
  }),
  confirmBriefing: t.field({
    type: BriefingLink,
    description: 'Confirms the address that a first mail went to, by its link.',
    errors: { types: [NotFoundError] },
    args: { token: t.arg.string(token) },
    resolve: (_root, args, context) => confirmBriefing(byOf(context), args.token, context.now),
  }),
  stopBriefing: t.field({
    type: BriefingLink,
    description: 'Stops a monthly mail and deletes its address, by the link in each of them.',
    errors: { types: [NotFoundError] },
    args: { token: t.arg.string(token) },
    resolve: (_root, args, context) => stopBriefing(byOf(context), args.token, context.now),
  }),
}));
