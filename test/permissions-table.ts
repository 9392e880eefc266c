// Who may ask for which field, written by hand from domain.md (sections 1, 4, 9, 10), architecture.md ("Who may do what") and
// issue 2, and never from permissions.ts. permissions.test.ts holds the platform to it.

export const roles = [
  'stranger',
  'government',
  'police',
  'funder',
  'charity',
  'industry machine',
  'industry without the list',
  'analyst',
  'supervisor',
  'administrator',
  'tool',
] as const;
export type Role = (typeof roles)[number];

type Readers = readonly Role[];

const anyone: Readers = roles;
/** "A partner sees aggregates of its own countries only", and those who answer for the hotline see all. */
const figureReaders: Readers = ['government', 'police', 'funder', 'charity', 'supervisor', 'administrator'];
/** "Funders: those they fund, compared" (issue 5, 4). */
const groupReaders: Readers = ['funder', 'supervisor', 'administrator'];
/** "Taking figures away" (issue 5, 6): what partners that read figures set up for themselves. */
const figurePartners: Readers = ['government', 'police', 'funder', 'charity'];
/** The URL list is "given to industry partners for blocking", where their agreement says so. */
const listReaders: Readers = ['industry machine'];
/** Member API of issue 3: "batches of up to 100 reports" for industry, police and charities with a key, and for those who work on cases. */
const batchReporters: Readers = [
  'police',
  'charity',
  'industry machine',
  'industry without the list',
  'analyst',
  'supervisor',
];
/** "Nobody but the hotline sees a case", and of the hotline those who work on cases. */
const caseWorkers: Readers = ['analyst', 'supervisor'];
/** A tool with a key says what it saw (issue 4, 6); it sees the addresses that are due, and nothing else of a case. */
const observers: Readers = ['analyst', 'supervisor', 'tool'];
const answerable: Readers = ['supervisor', 'administrator'];
const hotline: Readers = ['analyst', 'supervisor', 'administrator'];

/** A type, some of its fields, and the roles that may ask for them. Every field is named, so that a new one needs a decision. */
const table: readonly (readonly [type: string, fields: string, may: Readers])[] = [
  // What anyone may do: look at portals, report, follow a report by its access code, and learn who they are signed in as.
  ['Query', 'portals portal reportStatus proofOfReport viewer', anyone],
  ['Mutation', 'submitReport addReportDetails withdrawContact', anyone],
  ['Portal', 'code name country timeZone stage audience defaultLanguage languages partnerNames', anyone],
  ['Portal', 'emergencyNumber helpLines launchedOn transferredTo', anyone],
  ['Portal', 'texts accentColour exitAddress origins sandbox', anyone],
  ['HelpLine', 'name telephone website hours', anyone],
  ['PortalText', 'language name introduction', anyone],
  ['ReportReceipt', 'accessCode receivedOn reports proof', anyone],
  ['ReceiptLine', 'reference address', anyone],
  ['Mutation', 'submitReports', batchReporters],
  ['ReportBatch', 'results', batchReporters],
  ['ReportStatus', 'receivedOn stage outcome answers', anyone],
  ['ReportAnswers', 'category foundOn seenOn howFound inDanger hasNote hasContact', anyone],
  ['ProofOfReport', 'receivedOn references', anyone],
  ['Viewer', 'id name role inTraining partnerKind countries mayReadUrlList', anyone],

  // Published figures.
  ['Query', 'countryStatistics publishedEdition', figureReaders],
  ['CountryStatistics', 'country asOf edition definitions months provisional', figureReaders],
  ['MonthFigures', 'month edition reports assessed actionable breakdowns speeds', figureReaders],
  ['MonthFigures', 'publishedOn definitionsVersion correction earlier rates', figureReaders],
  ['EditionNote', 'edition publishedOn correction', figureReaders],
  ['Rate', 'of percent display', figureReaders],
  ['Breakdown', 'by of hidden cells', figureReaders],
  ['BreakdownCell', 'key label figure', figureReaders],
  ['Figure', 'value hidden display', figureReaders],
  ['Speed', 'until medianHours ninetiethHours', figureReaders],
  ['Query', 'groupStatistics', groupReaders],
  ['GroupStatistics', 'name countries asOf definitions months', groupReaders],
  ['GroupMonth', 'month edition publishedOn definitionsVersion correction countries', groupReaders],
  ['GroupMonth', 'reports assessed actionable breakdowns', groupReaders],
  // "Open data. A public, network-wide yearly table" (issue 5, 8): what its definitions say is no secret either.
  ['Query', 'openData', anyone],
  ['OpenDataYear', 'year edition publishedOn definitionsVersion definitions correction', anyone],
  ['OpenDataYear', 'countries monthsShown reports assessed actionable breakdowns', anyone],
  ['SumBreakdown', 'by of leftOut cells', anyone],
  ['SumCell', 'key label figure', anyone],
  ['SumFigure', 'value leftOut display', anyone],
  ['Definition', 'term text version', anyone],
  // "By an administrator's decision."
  ['Mutation', 'publishOpenData', ['administrator']],
  // The contract lists it under administrators; supervisors answer for the figures too.
  ['Mutation', 'publishStatistics', answerable],
  ['PublishedMonth', 'month editions', answerable],
  ['PublishedEdition', 'country edition', answerable],

  // "A monthly e-mail with the briefing; webhook" (issue 5, 6); the links of a mail open to whoever has them.
  ['Query', 'webhooks briefing', figurePartners],
  ['Mutation', 'saveWebhook deleteWebhook testWebhook replayWebhook saveBriefing stopOwnBriefing', figurePartners],
  ['Webhook', 'id url createdOn disabledOn deliveries', figurePartners],
  ['WebhookDelivery', 'id kind month madeOn state attempts status', figurePartners],
  ['CreatedWebhook', 'webhook secret', figurePartners],
  ['Briefing', 'email language state since', figurePartners],
  ['Query', 'briefingLink', anyone],
  ['Mutation', 'confirmBriefing stopBriefing', anyone],
  ['BriefingLink', 'purpose language', anyone],

  // The URL list.
  ['Query', 'urlList', listReaders],
  ['UrlListPage', 'changes cursor more', listReaders],
  ['UrlListChange', 'address change changedOn scope', listReaders],
  ['Query', 'urlListEdition', listReaders],
  ['UrlListEdition', 'number madeOn entries sha256 signature text', listReaders],

  // Cases, and all that hangs on them.
  ['Query', 'cases case queueSummary quarantines', caseWorkers],
  ['Query', 'caseCount savedFilters colleagues', caseWorkers],
  ['Subscription', 'queueChanged', caseWorkers],
  ['Mutation', 'claimNextCase claimCase releaseCase assessCase reviewCase traceHost recordTrace', caseWorkers],
  ['Mutation', 'holdCase releaseHold notifyHost referCase recordObservation closeCase reopenCase', caseWorkers],
  ['Mutation', 'addCaseNote listAddress unlistAddress keepListed', caseWorkers],
  // "By ruling, per domain": rulings are a supervisor's.
  ['Mutation', 'listDomain unlistDomain', ['supervisor']],
  ['Query', 'checksDue', observers],
  ['Mutation', 'recordObservations', observers],
  ['CheckDue', 'number address dueSince lastSeen', observers],
  ['ObservationBatch', 'results', observers],
  ['ObservationResult', 'case taken fault', observers],
  ['ObservationFault', 'code message issues', observers],
  ['Case', 'clocks nextCheckAt delistingProposedBy', caseWorkers],
  ['Mutation', 'releaseQuarantine markQuarantineMalicious', caseWorkers],
  ['Mutation', 'handOverCase saveFilter deleteFilter', caseWorkers],
  ['Mutation', 'ruleOnCase', ['supervisor']],
  ['Case', 'number version state outcome priority episode clock heldUntil claim allowedEvents', caseWorkers],
  ['Case', 'address addressKind defangedAddress host unicodeHost registrableDomain lookAlike listed', caseWorkers],
  ['Case', 'reports reportCount portalCount firstReportedAt lastReportedAt', caseWorkers],
  ['Case', 'assessments reviewReasons traces actions observations notes', caseWorkers],
  ['Case', 'inDanger categories siteTypes reportingCountries hostingCountry handedTo handedUntil', caseWorkers],
  ['CaseConnection', 'edges pageInfo', caseWorkers],
  ['CaseCount', 'count orMore', caseWorkers],
  ['SavedFilter', 'id name filter', caseWorkers],
  ['CaseFilterValues', 'states portal host registrableDomain siteTypes reportingCountry hostingCountry', caseWorkers],
  ['CaseFilterValues', 'minPriority inDanger listed reportedBefore reportedAfter due quarantined', caseWorkers],
  ['CaseFilterValues', 'mine waitingForMe handedToMe', caseWorkers],
  ['CaseEdge', 'cursor node', caseWorkers],
  ['CaseReport', 'reference receivedAt portal country source language addressAsTyped', caseWorkers],
  ['CaseReport', 'category foundOn seenOn howFound inDanger note contactEmail', caseWorkers],
  ['CaseReport', 'standing', caseWorkers],
  ['CaseReportConnection', 'edges pageInfo', caseWorkers],
  ['CaseReportEdge', 'cursor node', caseWorkers],
  ['Claim', 'by claimedAt leaseUntil', caseWorkers],
  // Jobs (issue 4, part 10): "an admin query of failed jobs, retry". Supervisors answer for what goes out too.
  ['Query', 'failedJobs', answerable],
  ['Mutation', 'retryJob dropJob', answerable],
  ['FailedJob', 'id task attempts maxAttempts failure queuedAt failedAt triesAgainAt', answerable],
  // Records (issue 4, part 9): the history is the case's; a legal hold is decided by who answers for the case.
  ['Case', 'history legalHold', caseWorkers],
  ['HistoryConnection', 'edges pageInfo', caseWorkers],
  ['HistoryEdge', 'cursor node', caseWorkers],
  ['HistoryEvent', 'at who what sentence from to detail', caseWorkers],
  ['Mutation', 'setLegalHold', ['supervisor']],
  // Issue 4, 2: drafts, bulk assessment, agreement rates "for supervisors", and appeals, which anybody may make.
  ['Query', 'similarCases appeals', caseWorkers],
  ['Mutation', 'saveAssessmentDraft assessSimilarCases undoBulkAssessment reviewAppeal dismissAppeal', caseWorkers],
  ['Case', 'draft undoUntil bulk appeals', caseWorkers],
  ['AssessmentDraft', 'savedAt verdict reason severity youngestAge sex form selfGenerated coerced', caseWorkers],
  ['AssessmentDraft', 'commercial disguised siteType jurisdiction requestReview requestListing note', caseWorkers],
  ['SimilarCases', 'cases more', caseWorkers],
  ['BulkAssessment', 'id at undoUntil undoneAt cases', caseWorkers],
  ['UndoneBulk', 'undone left', caseWorkers],
  ['Appeal', 'reference receivedAt address case reason contactEmail', caseWorkers],
  ['Appeal', 'state dismissal decidedAt decidedBy', caseWorkers],
  ['AppealConnection', 'edges pageInfo', caseWorkers],
  ['AppealEdge', 'cursor node', caseWorkers],
  ['Query', 'agreementRates', ['supervisor']],
  ['AgreementRates', 'from to secondOpinions agreed disputed rulings byTrigger byQuestion', ['supervisor']],
  ['RulingCounts', 'withFirst withSecond withBoth withNeither owed', ['supervisor']],
  ['TriggerAgreement', 'trigger secondOpinions agreed', ['supervisor']],
  ['QuestionAgreement', 'question secondOpinions agreed', ['supervisor']],
  ['Mutation', 'submitAppeal', anyone],
  ['AppealReceipt', 'reference receivedOn', anyone],
  ['AppealDecidedError', 'code message', anyone],
  ['UndoWindowOverError', 'code message', anyone],
  ['Assessment', 'assessor at round verdict reason taxonomy note', caseWorkers],
  ['Assessment', 'severity youngestAge sex form jurisdiction siteType', caseWorkers],
  ['Assessment', 'selfGenerated coerced commercial disguised', caseWorkers],
  ['HostTrace', 'at method tool placement country network reason recordedBy', caseWorkers],
  ['TraceRun', 'id state queuedAt finishedAt traces', caseWorkers],
  ['Case', 'traceRuns hosting route', caseWorkers],
  ['HostTrace', 'failure addresses aliases countries networks contentNetwork', caseWorkers],
  ['HostTrace', 'abuseContacts registrar registrarContacts registries', caseWorkers],
  ['Hosting', 'placement country agreed by at networks networkName', caseWorkers],
  ['Hosting', 'abuseContacts registrar registrarContacts', caseWorkers],
  ['Route', 'route responsibleCountry steps recipients urlList', caseWorkers],
  ['RouteRecipient', 'kind contact missing why', caseWorkers],
  // The registry of contacts: analysts propose, supervisors approve (issue 4, part 4).
  ['Query', 'contacts', caseWorkers],
  ['Mutation', 'saveContact proposeHostContact', caseWorkers],
  ['Mutation', 'approveContact retireContact', ['supervisor']],
  ['Contact', 'id kind name email language country countries domains networks member xarf', caseWorkers],
  ['Contact', 'waitHours quietFrom quietUntil timeZone approvedAt approvedBy retiredAt updatedAt', caseWorkers],
  ['ContactConnection', 'edges pageInfo', caseWorkers],
  ['ContactEdge', 'cursor node', caseWorkers],
  ['Action', 'kind recipient recipientCountry sentAt sentBy', caseWorkers],
  ['Action', 'queuedAt withdrawnAt answer answeredAt state step contact notice case', caseWorkers],
  // Issue 4, "Notices": who sees what went out, failed or is uncertain, and decides on it.
  ['Query', 'notices', caseWorkers],
  ['Mutation', 'retryNotice resolveNotice acknowledgeNotice', caseWorkers],
  ['Notice', 'id reference contact kind step urgent state queuedAt sendAfter attempts attemptedAt sentAt', caseWorkers],
  ['Notice', 'failedAt failure acknowledgedAt repliedAt reply escalateAt actions', caseWorkers],
  ['NoticeConnection', 'edges pageInfo', caseWorkers],
  ['NoticeEdge', 'cursor node', caseWorkers],
  // "Police hold with end date and override": against the wish of the police only by who answers for it.
  ['Mutation', 'overrideHold', ['supervisor']],
  // "A signed link for the host to answer … without signing in."
  ['Query', 'hostNotice', anyone],
  ['Mutation', 'answerHostNotice', anyone],
  ['HostNotice', 'reference language kind sentOn validUntil lines', anyone],
  ['HostNoticeLine', 'line defangedAddress answer', anyone],
  ['Observation', 'at seen movedTo observedBy', caseWorkers],
  ['Note', 'at author text', caseWorkers],
  ['EpisodeClock', 'minutesToAssess minutesToNotify minutesToRemove minutesFromNoticeToRemoval', caseWorkers],
  ['EpisodeClock', 'episode firstReported assessed traced policeTold hostTold hotlineTold firstSeenGone', caseWorkers],
  [
    'QueueSummary',
    'asOf awaitingAssessment awaitingReview disputed awaitingAction onHold awaitingRemoval',
    caseWorkers,
  ],
  ['QueueSummary', 'quarantinedReports quarantinedInDanger', caseWorkers],
  ['Quarantine', 'id portal openedAt decidedAt decidedBy reports released malicious inDanger', caseWorkers],
  ['Quarantine', 'firstReceivedAt lastReceivedAt patterns', caseWorkers],
  ['QuarantinePattern', 'host reports sampleAddresses', caseWorkers],
  ['Colleague', 'id name', caseWorkers],

  // "A signed, expiring embed for a ministry's site; API keys for a partner's own BI tool" (issue 5, 6).
  ['Query', 'embeds ownKeys', figurePartners],
  ['Mutation', 'createEmbed revokeEmbed createOwnKey revokeOwnKey', figurePartners],
  ['Embed', 'id country origin createdOn expiresOn revokedOn url html', figurePartners],
  ['OwnKey', 'id label prefix createdOn expiresOn lastUsedOn revokedOn', figurePartners],
  ['CreatedOwnKey', 'secret key', figurePartners],
  ['Query', 'embeddedStatistics', anyone],
  ['EmbeddedStatistics', 'country origin definitions month before', anyone],
  ['EmbeddedMonth', 'month edition publishedOn definitionsVersion correction reports assessed actionable', anyone],
  // "Supervisors' exact figures by any filter (internal, audited)" (issue 5, 7).
  ['Query', 'exactFigures', ['supervisor']],
  ['ExactFigures', 'from to definitions total months byCountry byPortal hosts backlog agreement', ['supervisor']],
  ['ExactPeriod', 'month reports assessed actionable breakdowns speeds', ['supervisor']],
  ['ExactTable', 'by of cells', ['supervisor']],
  ['ExactCell', 'key label count', ['supervisor']],
  ['ExactSpeed', 'until base medianHours ninetiethHours', ['supervisor']],
  ['ExactPart', 'key reports assessed actionable', ['supervisor']],
  ['ExactHost', 'defangedDomain reports cases actionable', ['supervisor']],
  ['ExactBacklog', 'state age cases reports', ['supervisor']],

  // "Own figures private to the analyst, totals for supervisors" (issue 4): what is one's own is asked for without a name.
  ['Query', 'care myWork', caseWorkers],
  ['Mutation', 'startBreak endBreak saveCarePreferences', caseWorkers],
  ['Care', 'minutesToday dailyMinutes minutesSinceBreak breakDueAt refusal nextClaimAt', caseWorkers],
  ['Care', 'onBreak workingHours avoids', caseWorkers],
  ['Break', 'reason startedAt', caseWorkers],
  ['WorkingHours', 'timeZone days from until', caseWorkers],
  ['MyWork', 'casesHeld minutes firstOpinions secondOpinions rulings', caseWorkers],
  ['MyWork', 'traces actions observations notes breaks', caseWorkers],
  ['Query', 'exposureTotals', ['supervisor']],
  ['ExposureDay', 'day minutes people reachedBudget breaks', ['supervisor']],
  ['BreakCount', 'reason count', ['supervisor']],

  // The audit trail, and how lists go on.
  ['Query', 'auditTrail', answerable],
  ['AuditConnection', 'edges pageInfo', answerable],
  ['AuditEdge', 'cursor node', answerable],
  ['AuditEntry', 'at actor operation action stream seq subjects detail', answerable],
  ['PageInfo', 'hasNextPage endCursor', hotline],

  // Who runs portals, partners and accounts sees no case.
  ['Query', 'accounts partners', ['administrator']],
  ['Mutation', 'savePortal setPortalStage savePartner saveAccount', ['administrator']],
  ['Mutation', 'disableAccount createApiKey revokeApiKey', ['administrator']],
  ['Account', 'id subject name role inTraining partner disabledAt apiKeys', ['administrator']],
  ['Partner', 'id name kind countries urlListAccess agreementFrom agreementUntil', ['administrator']],
  ['ApiKey', 'id label prefix createdAt expiresOn lastUsedOn revokedAt', ['administrator']],
  ['CreatedApiKey', 'key secret', ['administrator']],

  // What went wrong is told to whoever caused it: by itself it holds nothing.
  ['InputIssue', 'path code message', anyone],
  ['InvalidInputError', 'code message issues', anyone],
  ['NotFoundError', 'code message', anyone],
  ['IdempotencyConflictError', 'code message', anyone],
  ['PortalClosedError', 'code message transferredTo', anyone],
  ['ChallengeRequiredError', 'code message challenge ticket waitSeconds', anyone],
  ['TooManyReportsError', 'code message retryAfterSeconds', anyone],
  ['StaleCaseError', 'code message currentVersion', anyone],
  ['InvalidTransitionError', 'code message state allowedEvents', anyone],
  ['NotClaimedError', 'code message', anyone],
  ['AlreadyClaimedError', 'code message', anyone],
  ['QueueEmptyError', 'code message', anyone],
  ['BreakDueError', 'code message until', anyone],
  ['ClaimLimitError', 'code message limit', anyone],
];

/** The table's lines as `Type.field`, in the order written, doubles included. */
export const coordinates: readonly string[] = table.flatMap(([type, fields]) =>
  fields.split(' ').map((field) => `${type}.${field}`),
);

const readersOf = new Map(
  table.flatMap(([type, fields, may]) => fields.split(' ').map((field) => [`${type}.${field}`, may] as const)),
);

/** Whether a role may ask for all these fields, by the table: a field that it does not name is for nobody. */
export function mayAsk(role: Role, fields: readonly (readonly [type: string, field: string])[]): boolean {
  return fields.every(([type, field]) => readersOf.get(`${type}.${field}`)?.includes(role));
}
