import type { AccountRole, PartnerKind } from '../generated/prisma/enums.ts';

type Organisation = { name: string; kind: PartnerKind; countries: string[]; urlListAccess: boolean };
type DemonstrationAccount = {
  subject: string;
  name: string;
  role: AccountRole;
  description: string;
  partner?: Organisation;
};

const government = (country: string, name: string): Organisation => ({
  name,
  kind: 'GOVERNMENT',
  countries: [country],
  urlListAccess: false,
});

/** Who can sign in to a demonstration: the accounts that the seed makes and the development identity provider lists. */
export const demonstrationAccounts: readonly DemonstrationAccount[] = [
  { subject: 'analyst', name: 'Asha Analyst', role: 'ANALYST', description: 'works the queue' },
  { subject: 'analyst2', name: 'Ben Analyst', role: 'ANALYST', description: 'gives second opinions' },
  {
    subject: 'supervisor',
    name: 'Chidi Supervisor',
    role: 'SUPERVISOR',
    description: 'rules on disputes, publishes figures',
  },
  {
    subject: 'admin',
    name: 'Dana Administrator',
    role: 'ADMINISTRATOR',
    description: 'runs portals, partners and accounts',
  },
  {
    subject: 'checker',
    name: 'Tool that looks',
    role: 'TOOL',
    description: 'says whether content is still up',
  },
  {
    subject: 'partner-ke',
    name: 'Esther of the Kenyan government',
    role: 'PARTNER',
    description: 'reads the figures of Kenya',
    partner: government('KE', 'Ministry of Example, Kenya'),
  },
  {
    subject: 'partner-ug',
    name: 'Francis of the Ugandan government',
    role: 'PARTNER',
    description: 'reads the figures of Uganda',
    partner: government('UG', 'Ministry of Example, Uganda'),
  },
  {
    subject: 'funder',
    name: 'Grace of a fund',
    role: 'PARTNER',
    description: 'reads the figures of Kenya and Uganda',
    partner: { name: 'Example Fund', kind: 'FUNDER', countries: ['KE', 'UG'], urlListAccess: false },
  },
  {
    subject: 'industry',
    name: 'Machine of a network operator',
    role: 'PARTNER',
    description: 'reads the URL list',
    partner: { name: 'Example Networks', kind: 'INDUSTRY', countries: [], urlListAccess: true },
  },
];
