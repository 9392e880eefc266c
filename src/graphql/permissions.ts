import {
  isAdministrator,
  isAnalyst,
  isBatchReporter,
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
    viewer: allow, // null for a stranger

    countryStatistics: isStatisticsReader, // partners: the countries of their agreement only
    urlList: isUrlListReader,

    cases: isAnalyst,
    case: isAnalyst,
    queueSummary: isAnalyst,
    quarantines: isAnalyst,

    auditTrail: isSupervisorOrAdministrator,

    accounts: isAdministrator,
    partners: isAdministrator,
  },

  Mutation: {
    submitReport: allow,
    addReportDetails: allow, // whoever has the access code
    withdrawContact: allow, // whoever has the access code
    submitReports: isBatchReporter, // with a key: members, while their agreement is in force

    claimNextCase: isAnalyst,
    claimCase: isAnalyst,
    releaseCase: isAnalyst,
    assessCase: isAnalyst,
    reviewCase: isAnalyst, // never the first analyst
    ruleOnCase: isSupervisor, // never one of the two whose opinions differ
    traceHost: isAnalyst,
    recordTrace: isAnalyst,
    holdCase: isAnalyst,
    releaseHold: isAnalyst,
    notifyHost: isAnalyst,
    referCase: isAnalyst,
    recordObservation: isAnalyst,
    closeCase: isAnalyst,
    reopenCase: isAnalyst,
    addCaseNote: isAnalyst,
    listAddress: isAnalyst,
    unlistAddress: isAnalyst,
    releaseQuarantine: isAnalyst,
    markQuarantineMalicious: isAnalyst,

    publishStatistics: isSupervisorOrAdministrator,

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
  ReportBatch: isBatchReporter,
  ReportStatus: allow,
  ReportAnswers: allow,
  ProofOfReport: allow,
  Viewer: allow,

  // Published figures.
  CountryStatistics: isStatisticsReader,
  Definition: isStatisticsReader,
  MonthFigures: isStatisticsReader,
  Figure: isStatisticsReader,
  Breakdown: isStatisticsReader,
  BreakdownCell: isStatisticsReader,
  Speed: isStatisticsReader,
  PublishedMonth: isSupervisorOrAdministrator,
  PublishedEdition: isSupervisorOrAdministrator,

  // The URL list.
  UrlListPage: isUrlListReader,
  UrlListChange: isUrlListReader,

  // Cases and all that hangs on them.
  Case: isAnalyst,
  CaseConnection: isAnalyst,
  CaseEdge: isAnalyst,
  CaseReport: isAnalyst,
  CaseReportConnection: isAnalyst,
  CaseReportEdge: isAnalyst,
  Claim: isAnalyst,
  Assessment: isAnalyst,
  HostTrace: isAnalyst,
  Action: isAnalyst,
  Observation: isAnalyst,
  Note: isAnalyst,
  EpisodeClock: isAnalyst,
  QueueSummary: isAnalyst,
  Quarantine: isAnalyst,
  QuarantinePattern: isAnalyst,
  Colleague: isAnalyst,

  // The audit trail, and lists in general.
  AuditConnection: isSupervisorOrAdministrator,
  AuditEdge: isSupervisorOrAdministrator,
  AuditEntry: isSupervisorOrAdministrator,
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
  NotClaimedError: allow,
  AlreadyClaimedError: allow,
  QueueEmptyError: allow,
  BreakDueError: allow,
  ClaimLimitError: allow,
};
