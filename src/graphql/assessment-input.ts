import { builder } from './builder.ts';
import * as enums from './enums.ts';

type Fields = Parameters<Parameters<typeof builder.inputType<'Fields', never>>[1]['fields']>[0];

const answerFields = (t: Fields) => ({
  reason: t.field({
    type: enums.NotActionableReason,
    description: 'Why not: needed when, and only when, not actionable.',
  }),
  severity: t.field({ type: enums.Severity, description: 'Needed when actionable.' }),
  youngestAge: t.field({ type: enums.AgeBand, description: 'Needed when actionable.' }),
  sex: t.field({ type: enums.SexSeen, description: 'Needed when actionable.' }),
  form: t.field({ type: enums.ImageForm, description: 'Needed when actionable.' }),
  selfGenerated: t.boolean({ description: 'Whether a child made it.' }),
  coerced: t.boolean({ description: 'Whether the child was coerced (sexual extortion); only with selfGenerated.' }),
  commercial: t.field({ type: enums.Commerciality, description: 'Whether money is asked for; NONE where left out.' }),
  disguised: t.boolean({ description: 'Whether the site shows it only to those who come a certain way.' }),
  siteType: t.field({ type: enums.SiteType, description: 'What kind of site it is.' }),
  jurisdiction: t.field({ type: enums.Jurisdiction, description: 'Needed when actionable.' }),
  requestReview: t.boolean({ description: 'Of a first opinion: true asks for a second one.' }),
  requestListing: t.boolean({
    description:
      'Of a first opinion, when actionable: true says that it is to go on the URL list, which needs a second one.',
  }),
  note: t.string({ description: 'Anything else, in words: at most 4,000 characters.' }),
});

/** The answers of one opinion, as they are signed. */
export const AssessmentInput = builder.inputType('AssessmentInput', {
  description: 'The answers of one opinion. Severity and youngest age may be of different images.',
  fields: (t) => ({
    verdict: t.field({ type: enums.Verdict, required: true, description: 'Actionable or not.' }),
    ...answerFields(t),
  }),
});

/** The same of an opinion that is not signed yet. */
export const AssessmentDraftInput = builder.inputType('AssessmentDraftInput', {
  description: 'The answers so far: any may be missing, and they need not fit together yet.',
  fields: (t) => ({
    verdict: t.field({ type: enums.Verdict, description: 'Actionable or not.' }),
    ...answerFields(t),
  }),
});
