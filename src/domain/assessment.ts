/** The question set that the answers below belong to; stored with each assessment, so that old answers keep their meaning. */
export const taxonomy = { name: 'reporting-portals', version: 1 } as const;

export const verdicts = ['ACTIONABLE', 'NOT_ACTIONABLE'] as const;
export type Verdict = (typeof verdicts)[number];

export const notActionableReasons = [
  'LEGAL_ADULT',
  'CHILD_NOT_CRIMINAL',
  'OFF_REMIT',
  'INACCESSIBLE',
  'ALREADY_REMOVED',
  'INSUFFICIENT_INFORMATION',
  'MALICIOUS_REPORT',
] as const;
export type NotActionableReason = (typeof notActionableReasons)[number];

/** A, B and C are the UK Sentencing Council's categories (in force since 2014); PROHIBITED is non-photographic. */
export const severities = ['A', 'B', 'C', 'PROHIBITED'] as const;
export type Severity = (typeof severities)[number];

/** The bands are in rising order of age; UNDETERMINED comes last and is next to none. */
export const ageBands = [
  'AGE_0_2',
  'AGE_3_6',
  'AGE_7_10',
  'AGE_11_13',
  'AGE_14_15',
  'AGE_16_17',
  'UNDETERMINED',
] as const;
export type AgeBand = (typeof ageBands)[number];

export const sexesSeen = ['GIRLS', 'BOYS', 'BOTH', 'UNDETERMINED'] as const;
export type SexSeen = (typeof sexesSeen)[number];

export const imageForms = ['PHOTOGRAPHIC', 'AI_GENERATED', 'NON_PHOTOGRAPHIC'] as const;
export type ImageForm = (typeof imageForms)[number];

export const commercialities = ['NONE', 'DIRECT', 'INDIRECT'] as const;
export type Commerciality = (typeof commercialities)[number];

export const siteTypes = [
  'WEBSITE',
  'IMAGE_HOST',
  'IMAGE_BOARD',
  'FILE_HOST',
  'FORUM',
  'BLOG',
  'SOCIAL',
  'CHAT',
  'BANNER_SITE',
  'LINK_SITE',
  'REDIRECTOR',
  'SEARCH',
  'ARCHIVE',
  'HIDDEN_SERVICE',
  'OTHER',
] as const;
export type SiteType = (typeof siteTypes)[number];

/** BASELINE is illegal everywhere in the network; NATIONAL is illegal where hosted or assessed. */
export const jurisdictions = ['BASELINE', 'NATIONAL'] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

/** One opinion's answers, null where not answered; severity and youngest age may be of different images. */
export type AssessmentAnswers = {
  readonly verdict: Verdict;
  readonly reason: NotActionableReason | null;
  readonly severity: Severity | null;
  readonly youngestAge: AgeBand | null;
  readonly sex: SexSeen | null;
  readonly form: ImageForm | null;
  readonly selfGenerated: boolean | null;
  readonly coerced: boolean | null;
  readonly commercial: Commerciality | null;
  readonly disguised: boolean | null;
  readonly siteType: SiteType | null;
  readonly jurisdiction: Jurisdiction | null;
};

/** The questions by which two opinions are compared. */
export const comparedQuestions = ['verdict', 'severity', 'youngestAge', 'form'] as const;
export type ComparedQuestion = (typeof comparedQuestions)[number];
export type ComparedAnswers = Pick<AssessmentAnswers, ComparedQuestion> & Partial<AssessmentAnswers>;

/** `code` is stable: REQUIRED, NOT_ALLOWED or MISMATCH. */
export type Fault = { path: string[]; code: string; message: string };

const actionableOnly = ['severity', 'youngestAge', 'sex', 'form', 'jurisdiction'] as const;
const actionableFlags = ['selfGenerated', 'coerced', 'disguised'] as const;

/** Lists every fault of a set of answers at once, in the order of the questions' groups; an empty list means that they may be signed. */
export function assessmentFaults(answers: AssessmentAnswers): Fault[] {
  return answers.verdict === 'ACTIONABLE' ? actionableFaults(answers) : notActionableFaults(answers);
}

/**
 * Whether a second opinion agrees with a first: same verdict and, where actionable, same severity, same form and a youngest
 * age at most one band apart. Reasons of two NOT_ACTIONABLE opinions may differ, since the case ends the same way; so may sex,
 * flags, site type and jurisdiction. UNDETERMINED agrees with itself only: whether the age can be told is what is in question.
 */
export function sameOpinion(a: ComparedAnswers, b: ComparedAnswers): boolean {
  if (a.verdict !== b.verdict) return false;
  if (a.verdict === 'NOT_ACTIONABLE') return true;
  return a.severity === b.severity && a.form === b.form && agesAreClose(a.youngestAge, b.youngestAge);
}

/**
 * Whether two opinions agree on one of the questions by which `sameOpinion` judges; null where one of them did not answer it. A
 * youngest age agrees as it does there.
 */
export function agreeOn(question: ComparedQuestion, a: ComparedAnswers, b: ComparedAnswers): boolean | null {
  if (a[question] === null || b[question] === null) return null;
  return question === 'youngestAge' ? agesAreClose(a.youngestAge, b.youngestAge) : a[question] === b[question];
}

function actionableFaults(answers: AssessmentAnswers): Fault[] {
  const faults: Fault[] = [];
  if (answers.reason !== null) faults.push(notAllowed('reason', 'leave it out, or set verdict to NOT_ACTIONABLE'));
  for (const field of actionableOnly) {
    if (answers[field] === null) faults.push(required(field, 'ACTIONABLE'));
  }
  faults.push(...severityFaults(answers));
  if (answers.coerced === true && answers.selfGenerated !== true) {
    faults.push(
      mismatch('coerced', 'coerced is said of self-generated images: set selfGenerated to true, or coerced to false'),
    );
  }
  return faults;
}

function notActionableFaults(answers: AssessmentAnswers): Fault[] {
  const faults: Fault[] = [];
  const remedy = 'leave it out, or set verdict to ACTIONABLE';
  if (answers.reason === null) faults.push(required('reason', 'NOT_ACTIONABLE'));
  for (const field of actionableOnly) {
    if (answers[field] !== null) faults.push(notAllowed(field, remedy));
  }
  for (const flag of actionableFlags) {
    if (answers[flag] === true) faults.push(notAllowed(flag, remedy));
  }
  if (answers.commercial !== null && answers.commercial !== 'NONE') faults.push(notAllowed('commercial', remedy));
  return faults;
}

function severityFaults({ severity, form }: AssessmentAnswers): Fault[] {
  if (severity === null || form === null) return [];
  if (severity === 'PROHIBITED' && form !== 'NON_PHOTOGRAPHIC') {
    return [
      mismatch(
        'severity',
        `severity PROHIBITED is for form NON_PHOTOGRAPHIC, not ${form}: choose A, B or C, or change form`,
      ),
    ];
  }
  if (severity !== 'PROHIBITED' && form === 'NON_PHOTOGRAPHIC') {
    return [
      mismatch('severity', `severity ${severity} is not for form NON_PHOTOGRAPHIC: choose PROHIBITED, or change form`),
    ];
  }
  return [];
}

function agesAreClose(a: AgeBand | null, b: AgeBand | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a === 'UNDETERMINED' || b === 'UNDETERMINED') return false;
  return Math.abs(ageBands.indexOf(a) - ageBands.indexOf(b)) === 1;
}

function required(field: keyof AssessmentAnswers, verdict: Verdict): Fault {
  return {
    path: [field],
    code: 'REQUIRED',
    message: `${field} is required with verdict ${verdict}: choose one of its values`,
  };
}

function notAllowed(field: keyof AssessmentAnswers, remedy: string): Fault {
  return { path: [field], code: 'NOT_ALLOWED', message: `${field} does not go with this verdict: ${remedy}` };
}

function mismatch(field: keyof AssessmentAnswers, message: string): Fault {
  return { path: [field], code: 'MISMATCH', message };
}
