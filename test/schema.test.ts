import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printedSchema } from '../src/graphql/printed-schema.ts';
import { schema } from '../src/graphql/schema.ts';

const written = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');

describe('schema.graphql', () => {
  it('is the schema as the code has it: after a change, run `npm run schema`', () => {
    expect(written).toBe(printedSchema());
  });

  it('is a whole schema by itself', () => {
    expect(validate(buildSchema(written), parse('{ portals { code } }'))).toEqual([]);
  });
});

describe('whoever calls the API', () => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );

  it('finds a description on every type, field, argument and input field', () => {
    const all = types.flatMap(partsOf);
    expect(all.length).toBeGreaterThan(500);
    expect(all.filter(({ description }) => !description?.trim()).map(({ name }) => name)).toEqual([]);
  });

  it('finds every result of a mutation as a union of its own, whose errors share one interface', () => {
    for (const { name, type } of Object.values(schema.getMutationType()!.getFields())) {
      expect(String(type)).toBe(`${name.charAt(0).toUpperCase()}${name.slice(1)}Result!`);
    }
    const errors = types.filter(({ name }) => name.endsWith('Error') && name !== 'Error').filter(isObjectType);
    expect(errors.length).toBeGreaterThan(10);
    for (const error of errors) expect(error.getInterfaces().map(String)).toEqual(['Error']);
  });
});

type Described = { name: string; description?: string | null | undefined };

function partsOf(type: GraphQLNamedType): Described[] {
  const fields: (Described & { args?: readonly Described[] })[] =
    'getFields' in type ? Object.values(type.getFields()) : [];
  return [
    type,
    ...fields.map(({ name, description }) => ({ name: `${type.name}.${name}`, description })),
    ...fields.flatMap(({ name: field, args = [] }) =>
      args.map(({ name, description }) => ({ name: `${type.name}.${field}(${name}:)`, description })),
    ),
  ];
}

// What contract.graphql promises to clients, written off it by hand. Of an answer's type the client may get more than was
// promised (a value where null was possible); of an argument it may never be asked for more.
const promised = parse(`
  type Query {
    portals: [Portal!]! portal(code: String!): Portal reportStatus(accessCode: String!): ReportStatus viewer: Viewer
    countryStatistics(country: CountryCode!, from: YearMonth!, to: YearMonth!): CountryStatistics!
    cases(filter: CaseFilter, first: Int, after: String): CaseConnection!
    case(number: String!): Case
    urlList(since: String, first: Int): UrlListPage!
    auditTrail(case: String, account: ID, first: Int, after: String): AuditConnection!
  }
  type Mutation {
    submitReport(input: SubmitReportInput!): SubmitReportResult!
    addReportDetails(input: AddReportDetailsInput!): AddReportDetailsResult!
    withdrawContact(accessCode: String!): WithdrawContactResult!
    claimNextCase: ClaimNextCaseResult!
    claimCase(number: String!): ClaimCaseResult!
    releaseCase(number: String!): ReleaseCaseResult!
    assessCase(input: AssessCaseInput!): AssessCaseResult!
    reviewCase(input: AssessCaseInput!): ReviewCaseResult!
    ruleOnCase(input: AssessCaseInput!): RuleOnCaseResult!
    traceHost(input: CaseInput!): TraceHostResult!
    recordTrace(input: RecordTraceInput!): RecordTraceResult!
    holdCase(input: HoldCaseInput!): HoldCaseResult!
    releaseHold(input: CaseInput!): ReleaseHoldResult!
    notifyHost(input: NotifyHostInput!): NotifyHostResult!
    referCase(input: ReferCaseInput!): ReferCaseResult!
    recordObservation(input: RecordObservationInput!): RecordObservationResult!
    closeCase(input: CloseCaseInput!): CloseCaseResult!
    reopenCase(input: ReopenCaseInput!): ReopenCaseResult!
    addCaseNote(input: AddCaseNoteInput!): AddCaseNoteResult!
    listAddress(input: CaseInput!): ListAddressResult!
    unlistAddress(input: CaseInput!): UnlistAddressResult!
    savePortal(input: SavePortalInput!): SavePortalResult!
    setPortalStage(input: SetPortalStageInput!): SetPortalStageResult!
    savePartner(input: SavePartnerInput!): SavePartnerResult!
    saveAccount(input: SaveAccountInput!): SaveAccountResult!
    disableAccount(id: ID!): DisableAccountResult!
    createApiKey(input: CreateApiKeyInput!): CreateApiKeyResult!
    revokeApiKey(id: ID!): RevokeApiKeyResult!
    publishStatistics(month: YearMonth!): PublishStatisticsResult!
  }
  type Subscription { queueChanged: QueueSummary! }

  scalar DateTime scalar Date scalar YearMonth scalar CountryCode scalar LanguageTag
  interface Error { code: String! message: String! }
  type InvalidInputError { code: String! message: String! issues: [InputIssue!]! }
  type InputIssue { path: [String!]! code: String! message: String! }
  input SubmitReportInput {
    portal: String! address: String! details: ReportDetailsInput contactEmail: String country: CountryCode
    language: LanguageTag idempotencyKey: String challenge: String
  }
  input ReportDetailsInput {
    category: ReportCategory foundOn: SiteType seenOn: Date howFound: HowFound note: String inDanger: Boolean
  }
  union SubmitReportResult = ReportReceipt | InvalidInputError | PortalClosedError | IdempotencyConflictError
    | ChallengeRequiredError | TooManyReportsError
  type ReportReceipt { accessCode: String! receivedOn: Date! reports: [ReceiptLine!]! proof: String! }
  type ReceiptLine { reference: String! address: String! }
  type ReportStatus { receivedOn: Date! stage: ReportStage! outcome: ReportOutcome }
  enum ReportStage { RECEIVED IN_PROGRESS COMPLETED }
  enum ReportOutcome { ACTION_TAKEN NO_ACTION_POSSIBLE }
  input AssessCaseInput { case: String! version: Int! assessment: AssessmentInput! idempotencyKey: String }
  input AssessmentInput {
    verdict: Verdict! reason: NotActionableReason severity: Severity youngestAge: AgeBand sex: SexSeen form: ImageForm
    selfGenerated: Boolean coerced: Boolean commercial: Commerciality disguised: Boolean siteType: SiteType
    jurisdiction: Jurisdiction requestReview: Boolean note: String
  }
  union AssessCaseResult = Case | InvalidInputError | StaleCaseError | InvalidTransitionError | NotClaimedError
  union ClaimNextCaseResult = Case | QueueEmptyError | BreakDueError | ClaimLimitError
  type Case {
    number: String! state: CaseState! version: Int! priority: Int! address: String! defangedAddress: String! host: String
    reportCount: Int! portalCount: Int! firstReportedAt: DateTime! lastReportedAt: DateTime! episode: Int! claim: Claim
    reports(first: Int, after: String): CaseReportConnection! assessments: [Assessment!]! traces: [HostTrace!]!
    actions: [Action!]! observations: [Observation!]! clock: EpisodeClock! allowedEvents: [CaseEvent!]!
    # The contract names the type of a note Note; here it is the word of the tables.
    notes: [Note!]!
  }
  type CountryStatistics {
    country: CountryCode! asOf: Date! edition: Int! definitions: [Definition!]! months: [MonthFigures!]! provisional: Figure!
  }
  type MonthFigures {
    month: YearMonth! reports: Figure! assessed: Figure! actionable: Figure! breakdowns: [Breakdown!]! speeds: [Speed!]!
  }
  type Breakdown { by: Dimension! cells: [BreakdownCell!]! }
  type BreakdownCell { key: String! label: String! figure: Figure! }
  type Figure { value: Int hidden: Boolean! display: String! }

  # The values that domain.md fixes.
  enum CaseState {
    AWAITING_ASSESSMENT AWAITING_REVIEW DISPUTED AWAITING_ACTION ON_HOLD AWAITING_REMOVAL REMOVED CLOSED
  }
  enum Verdict { ACTIONABLE NOT_ACTIONABLE }
  enum NotActionableReason {
    LEGAL_ADULT CHILD_NOT_CRIMINAL OFF_REMIT INACCESSIBLE ALREADY_REMOVED INSUFFICIENT_INFORMATION MALICIOUS_REPORT
  }
  enum Severity { A B C PROHIBITED }
  enum AgeBand { AGE_0_2 AGE_3_6 AGE_7_10 AGE_11_13 AGE_14_15 AGE_16_17 UNDETERMINED }
  enum SexSeen { GIRLS BOYS BOTH UNDETERMINED }
  enum ImageForm { PHOTOGRAPHIC AI_GENERATED NON_PHOTOGRAPHIC }
  enum Commerciality { NONE DIRECT INDIRECT }
  enum SiteType {
    WEBSITE IMAGE_HOST IMAGE_BOARD FILE_HOST FORUM BLOG SOCIAL CHAT BANNER_SITE LINK_SITE REDIRECTOR SEARCH ARCHIVE
    HIDDEN_SERVICE OTHER
  }
  enum Jurisdiction { BASELINE NATIONAL }
  enum ReportSource { PUBLIC POLICE MEMBER HOTLINE ANALYST OTHER }
  enum PortalStage { PLANNED SOFT_LAUNCH LIVE SUSPENDED TRANSFERRED }
  enum PortalAudience { PUBLIC LAW_ENFORCEMENT }
`).definitions as ObjectTypeDefinitionNode[];

describe('what clients were promised', () => {
  it.each(promised.map((definition) => [definition.name.value, definition] as const))(
    'is kept: %s',
    (name, promise) => {
      const type = schema.getType(name);
      expect(brokenIn(promise, type)).toEqual([]);
    },
  );
});

function brokenIn(promise: ObjectTypeDefinitionNode, type: GraphQLNamedType | undefined): string[] {
  const kind = promise.kind as string;
  if (!type) return ['it is missing'];
  if (isUnionType(type) && kind === Kind.UNION_TYPE_DEFINITION) return missing(promise, 'types', type.getTypes());
  if (isEnumType(type) && kind === Kind.ENUM_TYPE_DEFINITION) return missing(promise, 'values', type.getValues());
  const fields = promise.fields ?? [];
  if (isInputObjectType(type)) {
    const now = Object.values(type.getFields());
    const asked = now
      .filter(isRequiredInputField)
      .filter(({ name }) => !fields.some((field) => field.name.value === name));
    return [
      ...asked.map(({ name }) => `${name} is asked for`),
      ...fields.flatMap((field) => looser(field.name.value, print(field.type), type.getFields()[field.name.value])),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type))
    return kind === Kind.SCALAR_TYPE_DEFINITION ? [] : ['another kind'];
  return fields.flatMap(({ name: { value: name }, type: answer, arguments: args = [] }) => {
    const now = type.getFields()[name];
    if (!now) return [`${name} is missing`];
    const same = [print(answer), `${print(answer)}!`].includes(String(now.type));
    const asked = now.args
      .filter(isRequiredArgument)
      .filter((arg) => !args.some((given) => given.name.value === arg.name));
    return [
      ...(same ? [] : [`${name} is ${now.type}`]),
      ...asked.map((arg) => `${name} asks for ${arg.name}`),
      ...args.flatMap((given) =>
        looser(
          given.name.value,
          print(given.type),
          now.args.find((arg) => arg.name === given.name.value),
        ),
      ),
    ];
  });
}

type Given = { type: unknown; defaultValue?: unknown };

/** An input may be what was promised, or may have become one that can be left out. */
function looser(name: string, promise: string, now: Given | undefined): string[] {
  const bare = promise.replace(/!$/, '');
  const fits = [promise, bare, ...(now?.defaultValue === undefined ? [] : [`${bare}!`])];
  return now && fits.includes(String(now.type)) ? [] : [`${name} is ${now?.type ?? 'missing'}`];
}

function missing(promise: object, key: string, now: readonly { name: string }[]): string[] {
  const names = (Reflect.get(promise, key) as { name: { value: string } }[]).map(({ name }) => name.value);
  return names.filter((name) => !now.some((value) => value.name === name)).map((name) => `${name} is missing`);
}
