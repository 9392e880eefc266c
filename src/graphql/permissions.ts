import {
  isAdministrator,
  isAnalyst,
  isBatchReporter,
  isGroupReader,
  isObserver,
  isPartnerPerson,
  isPartnerReader,
  isStaff,
  isStatisticsReader,
  isSupervisor,
  isSupervisorOrAdministrator,
  isUrlListReader,
} from './rules.ts';
import { allow, type PermissionTree } from './shield.ts';

/**
 * Who may ask for what: the whole of it, on one page. A field that is not here is refused, and the server does not start
 * while a field of the schema is missing. `allow` means anyone at all, without signing in. The rules' words are in rules.ts.
 */
export const permissions: PermissionTree = {
  Query: {
    portals: allow,
    portal: allow,
    reportStatus: allow, // whoever has the access code
    proofOfReport: allow, // whoever was shown the proof
    hostNotice: allow, // whoever has the link of the message
    viewer: allow, // null for a stranger

    countryStatistics: isStatisticsReader, // partners: the countries of their agreement only
    publishedEdition: isStatisticsReader, // likewise
    groupStatistics: isGroupReader, // a funder: its own group
    openData: allow, // what an administrator has published for everybody
    urlList: isUrlListReader,
    urlListEdition: isUrlListReader,

    embeddedStatistics: allow, // whoever has the link, which shows published figures of one country
    embeds: isPartnerReader, // its own
    ownKeys: isPartnerReader, // one's own
    webhooks: isPartnerReader, // its own
    briefing: isPartnerReader, // one's own
    briefingLink: allow, // whoever has the link of the mail

    cases: isAnalyst,
    case: isAnalyst,
    caseCount: isAnalyst,
    savedFilters: isAnalyst, // one's own
    queueSummary: isAnalyst,
    colleagues: isAnalyst,
    care: isAnalyst, // one's own
    myWork: isAnalyst, // one's own
    exposureTotals: isSupervisor,
    checksDue: isObserver, // a tool sees addresses that are due, and nothing else
    quarantines: isAnalyst,
    similarCases: isAnalyst,
    appeals: isAnalyst,
    agreementRates: isSupervisor, // totals that name nobody
    exactFigures: isSupervisor, // before disclosure control; every look is on record
    contacts: isAnalyst,

    notices: isAnalyst,
    auditTrail: isSupervisorOrAdministrator,
    failedJobs: isSupervisorOrAdministrator,

    accounts: isAdministrator,
    partners: isAdministrator,
  },

  Mutation: {
    submitReport: allow,
    addReportDetails: allow, // whoever has the access code
    withdrawContact: allow, // whoever has the access code
    submitAppeal: allow, // the answer tells nothing of the address
    answerHostNotice: allow, // whoever has the link of the message
    submitReports: isBatchReporter, // with a key: members, while their agreement is in force

    claimNextCase: isAnalyst,
    claimCase: isAnalyst,
    releaseCase: isAnalyst,
    handOverCase: isAnalyst,
    saveFilter: isAnalyst,
    deleteFilter: isAnalyst, // one's own
    startBreak: isAnalyst,
    endBreak: isAnalyst,
    saveCarePreferences: isAnalyst, // one's own
    assessCase: isAnalyst,
    reviewCase: isAnalyst, // never the first analyst
    ruleOnCase: isSupervisor, // never one of the two whose opinions differ
    saveAssessmentDraft: isAnalyst, // seen by its author alone
    assessSimilarCases: isAnalyst,
    undoBulkAssessment: isAnalyst, // its author, and supervisors
    reviewAppeal: isAnalyst,
    dismissAppeal: isAnalyst,
    traceHost: isAnalyst,
    recordTrace: isAnalyst,
    proposeHostContact: isAnalyst,
    saveContact: isAnalyst,
    approveContact: isSupervisor, // never of one's own change
    retireContact: isSupervisor,
    holdCase: isAnalyst,
    releaseHold: isAnalyst,
    notifyHost: isAnalyst,
    referCase: isAnalyst,
    retryNotice: isAnalyst,
    resolveNotice: isAnalyst,
    acknowledgeNotice: isAnalyst,
    overrideHold: isSupervisor, // against the wish of the police
    recordObservation: isAnalyst,
    recordObservations: isObserver,
    closeCase: isAnalyst,
    reopenCase: isAnalyst,
    addCaseNote: isAnalyst,
    setLegalHold: isSupervisor,
    listAddress: isAnalyst,
    unlistAddress: isAnalyst, // proposed by one, confirmed by another
    keepListed: isAnalyst,
    listDomain: isSupervisor,
    unlistDomain: isSupervisor,
    releaseQuarantine: isAnalyst,
    markQuarantineMalicious: isAnalyst,

    publishStatistics: isSupervisorOrAdministrator,
    publishOpenData: isAdministrator,
    retryJob: isSupervisorOrAdministrator,
    dropJob: isSupervisorOrAdministrator,

    createEmbed: isPartnerPerson, // of a country of its agreement
    revokeEmbed: isPartnerReader, // its own
    createOwnKey: isPartnerPerson, // a key makes no keys
    revokeOwnKey: isPartnerReader, // one's own
    saveWebhook: isPartnerPerson, // a key makes none
    deleteWebhook: isPartnerReader, // its own
    testWebhook: isPartnerReader, // its own
    replayWebhook: isPartnerReader, // its own
    saveBriefing: isPartnerPerson, // one's own
    stopOwnBriefing: isPartnerReader, // one's own
    confirmBriefing: allow, // whoever has the link of the mail
    stopBriefing: allow, // whoever has the link of the mail

    savePortal: isAdministrator,
    setPortalStage: isAdministrator,
    savePartner: isAdministrator,
    saveAccount: isAdministrator,
    disableAccount: isAdministrator,
    createApiKey: isAdministrator,
    revokeApiKey: isAdministrator,
  },

  Subscription: {
    queueChanged: isAnalyst,
  },

  // What the public may see.
  Portal: allow,
  HelpLine: allow,
  PortalText: allow,
  ReportReceipt: allow,
  ReceiptLine: allow,
  AppealReceipt: allow,
  ReportBatch: isBatchReporter,
  ReportStatus: allow,
  ReportAnswers: allow,
  ProofOfReport: allow,
  HostNotice: allow,
  HostNoticeLine: allow,
  Viewer: allow,
  EmbeddedStatistics: allow,
  EmbeddedMonth: allow,
  OpenDataYear: allow,
  SumFigure: allow, // of open data; and of groups, whose fields have rules of their own
  SumBreakdown: allow,
  SumCell: allow,
  Definition: allow,

  // Published figures.
  CountryStatistics: isStatisticsReader,
  MonthFigures: isStatisticsReader,
  EditionNote: isStatisticsReader,
  Rate: isStatisticsReader,
  Figure: isStatisticsReader,
  Breakdown: isStatisticsReader,
  BreakdownCell: isStatisticsReader,
  Speed: isStatisticsReader,
  GroupStatistics: isGroupReader,
  GroupMonth: isGroupReader,
  PublishedMonth: isSupervisorOrAdministrator,
  PublishedEdition: isSupervisorOrAdministrator,
  Embed: isPartnerReader,
  OwnKey: isPartnerReader,
  CreatedOwnKey: isPartnerPerson,
  Webhook: isPartnerReader,
  WebhookDelivery: isPartnerReader,
  CreatedWebhook: isPartnerPerson,
  Briefing: isPartnerReader,
  BriefingLink: allow,

  // The URL list.
  UrlListPage: isUrlListReader,
  UrlListChange: isUrlListReader,
  UrlListEdition: isUrlListReader,

  // Cases and all that hangs on them.
  Case: isAnalyst,
  CaseConnection: isAnalyst,
  CaseEdge: isAnalyst,
  CaseReport: isAnalyst,
  CaseReportConnection: isAnalyst,
  CaseReportEdge: isAnalyst,
  HistoryEvent: isAnalyst,
  HistoryConnection: isAnalyst,
  HistoryEdge: isAnalyst,
  Claim: isAnalyst,
  Assessment: isAnalyst,
  AssessmentDraft: isAnalyst,
  SimilarCases: isAnalyst,
  BulkAssessment: isAnalyst,
  UndoneBulk: isAnalyst,
  AgreementRates: isSupervisor,
  RulingCounts: isSupervisor,
  TriggerAgreement: isSupervisor,
  QuestionAgreement: isSupervisor,
  ExactFigures: isSupervisor,
  ExactPeriod: isSupervisor,
  ExactTable: isSupervisor,
  ExactCell: isSupervisor,
  ExactSpeed: isSupervisor,
  ExactPart: isSupervisor,
  ExactHost: isSupervisor,
  ExactBacklog: isSupervisor,
  Appeal: isAnalyst,
  AppealConnection: isAnalyst,
  AppealEdge: isAnalyst,
  HostTrace: isAnalyst,
  TraceRun: isAnalyst,
  Hosting: isAnalyst,
  Route: isAnalyst,
  RouteRecipient: isAnalyst,
  Contact: isAnalyst,
  ContactConnection: isAnalyst,
  ContactEdge: isAnalyst,
  Action: isAnalyst,
  Notice: isAnalyst,
  NoticeConnection: isAnalyst,
  NoticeEdge: isAnalyst,
  Observation: isAnalyst,
  CheckDue: isObserver,
  ObservationBatch: isObserver,
  ObservationResult: isObserver,
  ObservationFault: isObserver,
  Note: isAnalyst,
  EpisodeClock: isAnalyst,
  CaseCount: isAnalyst,
  SavedFilter: isAnalyst,
  CaseFilterValues: isAnalyst,
  QueueSummary: isAnalyst,
  Quarantine: isAnalyst,
  QuarantinePattern: isAnalyst,
  Colleague: isAnalyst,

  // Care for those who do this work: each their own, and sums for supervisors.
  Care: isAnalyst,
  Break: isAnalyst,
  WorkingHours: isAnalyst,
  MyWork: isAnalyst,
  ExposureDay: isSupervisor,
  BreakCount: isSupervisor,

  // The audit trail, and lists in general.
  AuditConnection: isSupervisorOrAdministrator,
  AuditEdge: isSupervisorOrAdministrator,
  AuditEntry: isSupervisorOrAdministrator,
  FailedJob: isSupervisorOrAdministrator,
  PageInfo: isStaff,

  // Accounts.
  Account: isAdministrator,
  Partner: isAdministrator,
  ApiKey: isAdministrator,
  CreatedApiKey: isAdministrator,

  // What went wrong is told to whoever caused it.
  InputIssue: allow,
  InvalidInputError: allow,
  NotFoundError: allow,
  IdempotencyConflictError: allow,
  PortalClosedError: allow,
  ChallengeRequiredError: allow,
  TooManyReportsError: allow,
  StaleCaseError: allow,
  InvalidTransitionError: allow,
  AppealDecidedError: allow,
  UndoWindowOverError: allow,
  NotClaimedError: allow,
  AlreadyClaimedError: allow,
  QueueEmptyError: allow,
  BreakDueError: allow,
  ClaimLimitError: allow,
};
