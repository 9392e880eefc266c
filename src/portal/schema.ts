import { prisma } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { PortalAudience, PortalStage } from '../graphql/enums.ts';
import { PORTAL_CODE } from './portal-input.ts';
import { type HelpLineEntry, type PortalTextEntry, readHelpLines, readTexts } from './portal-texts.ts';
import { savePortal, setPortalStage } from './save-portal.ts';

const HelpLine = builder.objectRef<HelpLineEntry>('HelpLine').implement({
  description: 'Somebody who helps.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    telephone: t.exposeString('telephone', { nullable: true, description: 'Its number, as people dial it.' }),
    website: t.exposeString('website', { nullable: true, description: 'Its https address.' }),
    hours: t.exposeString('hours', { nullable: true, description: 'When somebody answers.' }),
  }),
});

const PortalText = builder.objectRef<PortalTextEntry>('PortalText').implement({
  description: 'What a portal’s page says in one language.',
  fields: (t) => ({
    language: t.expose('language', { type: 'LanguageTag', description: 'The language.' }),
    name: t.exposeString('name', { description: 'The portal’s name in it.' }),
    introduction: t.exposeString('introduction', { nullable: true, description: 'A sentence or two of welcome.' }),
  }),
});

builder.prismaObject('Portal', {
  description: 'A country’s page, through which anyone reports an address.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Its short code, such as `ke`.' }),
    name: t.exposeString('name', { description: 'Its name, as people see it.' }),
    country: t.expose('country', {
      type: 'CountryCode',
      nullable: true,
      description: 'The country it serves; null where it serves every country that has none.',
    }),
    timeZone: t.exposeString('timeZone', { description: 'The time zone of its calendar months (IANA).' }),
    stage: t.expose('stage', { type: PortalStage, description: 'Where it is in its life.' }),
    audience: t.expose('audience', { type: PortalAudience, description: 'Whom it is for.' }),
    defaultLanguage: t.expose('defaultLanguage', { type: 'LanguageTag', description: 'The language it opens in.' }),
    languages: t.expose('languages', { type: ['LanguageTag'], description: 'The languages it speaks.' }),
    partnerNames: t.exposeStringList('partnerNames', { description: 'Who runs it together with the hotline.' }),
    emergencyNumber: t.exposeString('emergencyNumber', {
      nullable: true,
      description: 'Whom to call when somebody is in danger now.',
    }),
    helpLines: t.field({
      type: [HelpLine],
      description: 'Who helps people in its country.',
      resolve: ({ helpLines }) => readHelpLines(helpLines),
    }),
    texts: t.field({
      type: [PortalText],
      description: 'What its page says in a language in place of `name`, where that is known.',
      resolve: ({ texts }) => readTexts(texts),
    }),
    accentColour: t.exposeString('accentColour', {
      nullable: true,
      description: 'The colour of its buttons and bars, as `#rrggbb`.',
    }),
    exitAddress: t.exposeString('exitAddress', {
      nullable: true,
      description: 'Where “exit this page” leads: an everyday page.',
    }),
    origins: t.exposeStringList('origins', {
      description: 'The origins of its own pages elsewhere, which alone may call the API from a browser.',
    }),
    sandbox: t.exposeBoolean('sandbox', {
      description: 'Whether it is a place for developers to try in: what it takes becomes no report.',
    }),
    launchedOn: t.expose('launchedOn', { type: 'Date', nullable: true, description: 'The day of its launch.' }),
    transferredTo: t.exposeString('transferredTo', {
      nullable: true,
      description: 'The page of the national hotline that took over.',
    }),
  }),
});

const HelpLineInput = builder.inputType('HelpLineInput', {
  description: 'Somebody who helps.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name.' }),
    telephone: t.string({ description: 'Its number, as people dial it.' }),
    website: t.string({ description: 'Its https address.' }),
    hours: t.string({ description: 'When somebody answers.' }),
  }),
});

const PortalTextInput = builder.inputType('PortalTextInput', {
  description: 'What a portal’s page says in one language.',
  fields: (t) => ({
    language: t.field({ type: 'LanguageTag', required: true, description: 'The language, one of the portal’s.' }),
    name: t.string({ required: true, description: 'The portal’s name in it.' }),
    introduction: t.string({ description: 'A sentence or two of welcome.' }),
  }),
});

const SavePortalInput = builder.inputType('SavePortalInput', {
  description: 'A portal. One of a new code is made, in the stage PLANNED; one of a known code is changed.',
  fields: (t) => ({
    code: t.string({ required: true, description: '2 to 32 small letters, digits and hyphens.' }),
    name: t.string({ required: true, description: 'Its name, as people see it.' }),
    country: t.field({
      type: 'CountryCode',
      description: 'The country it serves; left out where it serves every country that has none.',
    }),
    timeZone: t.string({
      required: true,
      description: 'The time zone of its calendar months (IANA), such as Africa/Nairobi.',
    }),
    audience: t.field({ type: PortalAudience, description: 'Whom it is for: PUBLIC where left out.' }),
    defaultLanguage: t.field({
      type: 'LanguageTag',
      required: true,
      description: 'The language it opens in, one of `languages`.',
    }),
    languages: t.field({ type: ['LanguageTag'], required: true, description: 'The languages it speaks.' }),
    partnerNames: t.stringList({ description: 'Who runs it together with the hotline.' }),
    emergencyNumber: t.string({ description: 'Whom to call when somebody is in danger now.' }),
    helpLines: t.field({ type: [HelpLineInput], description: 'Who helps people in its country.' }),
    texts: t.field({
      type: [PortalTextInput],
      description: 'What its page says, at most once in each of `languages`.',
    }),
    accentColour: t.string({
      description: 'The colour of its buttons and bars, `#rrggbb`, on which white text has a contrast of 4.5 or more.',
    }),
    exitAddress: t.string({ description: 'Where “exit this page” leads: the https address of an everyday page.' }),
    origins: t.stringList({
      description: 'The origins of its own pages elsewhere, such as https://report.example, without a path.',
    }),
    sandbox: t.boolean({ description: 'Whether it is a place for developers to try in; false where left out.' }),
    launchedOn: t.field({ type: 'Date', description: 'The day of its launch.' }),
  }),
});

const SetPortalStageInput = builder.inputType('SetPortalStageInput', {
  description: 'The next stage of a portal’s life.',
  fields: (t) => ({
    code: t.string({ required: true, description: 'The portal’s code.' }),
    stage: t.field({ type: PortalStage, required: true, description: 'The new stage.' }),
    transferredTo: t.string({ description: 'For TRANSFERRED only: the https address of the national hotline’s page.' }),
  }),
});

builder.queryFields((t) => ({
  portals: t.prismaField({
    type: ['Portal'],
    description: 'All portals that the public may know of, by their codes.',
    resolve: (query) =>
      prisma.portal.findMany({ ...query, where: { stage: { not: 'PLANNED' } }, orderBy: { code: 'asc' } }),
  }),
  portal: t.prismaField({
    type: 'Portal',
    nullable: true,
    description: 'The portal of a code; null where there is none.',
    args: { code: t.arg.string({ required: true, description: 'Its code, such as `ke`.' }) },
    resolve: (query, _root, { code: typed }) => {
      const code = typed.trim().toLowerCase();
      if (!PORTAL_CODE.test(code)) return null;
      return prisma.portal.findFirst({ ...query, where: { code, stage: { not: 'PLANNED' } } });
    },
  }),
}));

builder.mutationFields((t) => ({
  savePortal: t.prismaField({
    type: 'Portal',
    description: 'Makes or changes a portal. For administrators.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: SavePortalInput, required: true, description: 'The portal.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await savePortal(signedIn(context), input);
      return prisma.portal.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  setPortalStage: t.prismaField({
    type: 'Portal',
    description: 'Launches, suspends or hands over a portal. For administrators.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: SetPortalStageInput, required: true, description: 'The portal and its stage.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await setPortalStage(signedIn(context), input);
      return prisma.portal.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
