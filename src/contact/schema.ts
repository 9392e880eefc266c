import { queryFromInfo } from '@pothos/plugin-prisma';
import { config } from '../config.ts';
import { prisma } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { type Recipient, type RouteWithRecipients, routeWithRecipients } from '../domain/route-recipients.ts';
import type { Contact } from '../generated/prisma/client.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { Colleague } from '../graphql/colleague.ts';
import { connectionOf, fromCursor, pageOf, pageSize, UUID } from '../graphql/connection.ts';
import { signedIn } from '../graphql/context.ts';
import { ContactKind, RouteName, RouteStep } from '../graphql/enums.ts';
import { hostingOf, hostingSelection } from '../trace/hosting.ts';
import { approveContact, retireContact } from './approve-contact.ts';
import { listContacts } from './list-contacts.ts';
import { proposeHostContact } from './propose-host-contact.ts';
import { saveContact } from './save-contact.ts';

const HEX = /^(?:[0-9a-f]{2})+$/;

builder.prismaObject('Contact', {
  description: 'Whom notices and referrals go to. Nothing is sent to one that no supervisor has approved.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.expose('kind', { type: ContactKind, description: 'What it is asked for.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    email: t.exposeString('email', { description: 'Where messages to it go.' }),
    language: t.expose('language', { type: 'LanguageTag', description: 'The language to write in.' }),
    country: t.expose('country', { type: 'CountryCode', nullable: true, description: 'Where it is.' }),
    countries: t.expose('countries', {
      type: ['CountryCode'],
      description: 'The countries that police or a hotline act for.',
    }),
    domains: t.exposeStringList('domains', {
      description: 'The hosts and registrable domains by which a host, upstream network or registrar is known.',
    }),
    networks: t.exposeIntList('networks', {
      description: 'The numbers of the autonomous systems by which a host or upstream network is known.',
    }),
    member: t.exposeBoolean('member', {
      description: 'Of a hotline: a member of the network. Of police: the national crime agency of our own country.',
    }),
    xarf: t.exposeBoolean('xarf', { description: 'Whether it takes XARF beside the text.' }),
    waitHours: t.exposeInt('waitHours', { description: 'Hours that it has before the next reminder or step.' }),
    quietFrom: t.exposeInt('quietFrom', {
      nullable: true,
      description: 'The hour of its day, 0 to 23, from which ordinary messages wait; none wait where null.',
    }),
    quietUntil: t.exposeInt('quietUntil', {
      nullable: true,
      description: 'The hour of its day, 0 to 23, until which they wait. Urgent ones and those to police never do.',
    }),
    timeZone: t.exposeString('timeZone', { description: 'The time zone of its day.' }),
    approvedAt: t.expose('approvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was approved; null while it waits for that.',
    }),
    approvedBy: t.relation('approvedBy', { type: Colleague, nullable: true, description: 'Who approved it.' }),
    retiredAt: t.expose('retiredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing new goes to it.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was last changed. Send it back with an approval.',
    }),
  }),
});

const ContactConnection = connectionOf('Contact', refOf('Contact'), 'contacts');

const SaveContactInput = builder.inputType('SaveContactInput', {
  description: 'A contact, whole: what is left out is empty, or as said here.',
  fields: (t) => ({
    id: t.id({ description: 'Of the contact to change; left out, a new one is made.' }),
    kind: t.field({ type: ContactKind, required: true, description: 'What it is asked for.' }),
    name: t.string({ required: true, description: 'Its name.' }),
    email: t.string({ required: true, description: 'One address, without a name.' }),
    language: t.field({ type: 'LanguageTag', required: true, description: 'The language to write in.' }),
    country: t.field({ type: 'CountryCode', description: 'Where it is.' }),
    countries: t.field({
      type: ['CountryCode'],
      description: 'The countries that it acts for: needed of police and hotlines, and of nobody else.',
    }),
    domains: t.stringList({ description: 'Hosts and registrable domains by which it is known.' }),
    networks: t.intList({ description: 'Numbers of autonomous systems by which it is known.' }),
    member: t.boolean({ description: 'Of a hotline: a member of the network. Of police: our national crime agency.' }),
    xarf: t.boolean({ description: 'Whether it takes XARF beside the text; it does where left out.' }),
    waitHours: t.int({ description: 'Hours before the next reminder or step, 1 to 720; 24 where left out.' }),
    quietFrom: t.int({ description: 'The hour from which ordinary messages wait, 0 to 23.' }),
    quietUntil: t.int({ description: 'The hour until which they wait, 0 to 23.' }),
    timeZone: t.string({ description: 'Its time zone, such as Europe/Paris; UTC where left out.' }),
  }),
});

const ApproveContactInput = builder.inputType('ApproveContactInput', {
  description: 'A contact, as it was read.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its id.' }),
    updatedAt: t.field({ type: 'DateTime', required: true, description: 'Its `updatedAt`, as it was read.' }),
  }),
});

builder.queryField('contacts', (t) =>
  t.field({
    type: ContactConnection,
    description: 'Whom notices and referrals go to, by name.',
    args: {
      kind: t.arg({ type: ContactKind, description: 'Of this kind.' }),
      country: t.arg({ type: 'CountryCode', description: 'In this country, or acting for it.' }),
      search: t.arg.string({ description: 'A part of a name or of an address, or a whole domain.' }),
      approved: t.arg.boolean({ description: 'True: the approved ones. False: those that wait for approval.' }),
      retired: t.arg.boolean({ defaultValue: false, description: 'True: those that are out of use.' }),
      first: t.arg.int({ defaultValue: 25, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
    },
    resolve: async (_root, { kind, country, search, approved, retired, first, after }, context, info) => {
      const size = pageSize(first, 25);
      const [name, id] = fromCursor(after, [HEX, UUID]) ?? [];
      const from = name && id ? { name: Buffer.from(name, 'hex').toString('utf8'), id } : null;
      const query = queryFromInfo({ context, info, typeName: 'Contact', path: ['edges', 'node'] });
      const filter = {
        kind: kind ?? null,
        country: country ?? null,
        search: search ?? null,
        approved: approved ?? null,
        retired: retired ?? false,
      };
      const rows = await listContacts(query, filter, from, size + 1);
      return pageOf(rows, size, (row) => [Buffer.from(row.name).toString('hex'), row.id]);
    },
  }),
);

type CaseRoute = RouteWithRecipients<Contact>;

const RouteRecipient = builder.objectRef<Recipient<Contact>>('RouteRecipient').implement({
  description: 'Somebody whom a case’s way leads to.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ContactKind, description: 'As what they are asked.' }),
    contact: t.field({
      type: refOf('Contact'),
      nullable: true,
      description: 'Who it is; null where the registry has nobody approved.',
      resolve: ({ contact }) => contact,
    }),
    missing: t.boolean({
      description: 'Whether nobody approved is in the registry, so that a person must find them.',
      resolve: ({ contact }) => contact === null,
    }),
    why: t.exposeString('why', { description: 'Why they are told, in English.' }),
  }),
});

const Route = builder.objectRef<CaseRoute>('Route').implement({
  description: 'Which country acts on a case, and by which way, from its traces and the registry of contacts.',
  fields: (t) => ({
    route: t.expose('route', { type: RouteName, description: 'Which way.' }),
    responsibleCountry: t.expose('responsible', {
      type: 'CountryCode',
      nullable: true,
      description:
        'The country whose authorities act: neither the reporter’s nor always the host’s. Null where none is known.',
    }),
    steps: t.expose('steps', { type: [RouteStep], description: 'What is to be done, in this order.' }),
    recipients: t.field({
      type: [RouteRecipient],
      description: 'Who is told, in this order; missing ones among them.',
      resolve: ({ recipients }) => recipients,
    }),
    urlList: t.exposeBoolean('urlList', { description: 'Whether it belongs on the URL list while it is up.' }),
  }),
});

builder.prismaObjectField('Case', 'route', (t) =>
  t.field({
    type: Route,
    description: 'Which country acts on it, and by which way, once it is confirmed.',
    select: { ...hostingSelection, host: true },
    resolve: async (row, _args, { loaders }) => {
      const hosting = hostingOf(row);
      const facts = { ...hosting, host: row.host };
      return routeWithRecipients(hosting, facts, config().hotlineCountry, await loaders.contactsForHost.load(facts));
    },
  }),
);

builder.mutationFields((t) => ({
  proposeHostContact: t.prismaField({
    type: 'Contact',
    description:
      'Proposes the host of a case as a contact, by the address that its network’s registry gives for complaints; or gives the contact that has that address already.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { case: t.arg.string({ required: true, description: 'The case’s number.' }) },
    resolve: async (query, _root, args, context) => {
      const id = await proposeHostContact(signedIn(context), args.case);
      return prisma.contact.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
  saveContact: t.prismaField({
    type: 'Contact',
    description:
      'Proposes a contact, or changes one. A change of its address, or of what it is asked for, takes its approval back.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: SaveContactInput, required: true, description: 'The contact.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await saveContact(signedIn(context), input);
      return prisma.contact.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
  approveContact: t.prismaField({
    type: 'Contact',
    description:
      'Approves a contact as it was read, so that messages can go to it. Not of what you proposed or changed yourself. For supervisors.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: ApproveContactInput, required: true, description: 'The contact.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await approveContact(signedIn(context), input, context.now);
      return prisma.contact.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
  retireContact: t.prismaField({
    type: 'Contact',
    description: 'Takes a contact out of use for good: nothing new goes to it. For supervisors.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: async (query, _root, { id }, context) => {
      await retireContact(signedIn(context), id, context.now);
      return prisma.contact.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
}));
