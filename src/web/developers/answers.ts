/** What an integrator does about an answer that is not the one hoped for. */
type Answer = { name: string; code: string; meaning: string; remedy: string };

/** The members of `SubmitReportResult` and its neighbours that are errors. They come with HTTP 200, under `data`. */
export const expectedErrors: readonly Answer[] = [
  {
    name: 'InvalidInputError',
    code: 'INVALID_INPUT',
    meaning: 'The input has faults. `issues` lists all of them at once, and nothing was kept.',
    remedy:
      'Show each issue at the field that its `path` names. Its own `code` is stable; its message never repeats what was typed.',
  },
  {
    name: 'PortalClosedError',
    code: 'PORTAL_CLOSED',
    meaning: 'The portal is suspended, or a national hotline has taken over.',
    remedy: 'Say so, and point to `transferredTo` where it is given.',
  },
  {
    name: 'IdempotencyConflictError',
    code: 'IDEMPOTENCY_CONFLICT',
    meaning: 'The idempotency key was used for another report.',
    remedy: 'Make a new key with every new report. This one was not taken.',
  },
  {
    name: 'ChallengeRequiredError',
    code: 'CHALLENGE_REQUIRED',
    meaning: 'Many reports come from this source now.',
    remedy: 'Solve the challenge, or wait with the ticket, and send the same report again. See below.',
  },
  {
    name: 'TooManyReportsError',
    code: 'TOO_MANY_REPORTS',
    meaning: 'Far too many reports come from this source now. Nothing was kept.',
    remedy: 'Send it again after `retryAfterSeconds`, with the same key.',
  },
  {
    name: 'NotFoundError',
    code: 'NOT_FOUND',
    meaning: 'Of `addReportDetails` and `withdrawContact`: the access code opens nothing. `reportStatus` is null then.',
    remedy: 'Ask the reporter to check the code. Unknown, expired and deleted codes are answered alike.',
  },
];

/** Refusals of a whole request: under `errors`, as `extensions.code`. */
export const refusals: readonly (Answer & { name: `${number}` })[] = [
  {
    name: '400',
    code: 'UNKNOWN_DOCUMENT',
    meaning: 'There is no document of this id.',
    remedy: 'Take one of the list below.',
  },
  {
    name: '400',
    code: 'BAD_USER_INPUT, GRAPHQL_VALIDATION_FAILED, GRAPHQL_PARSE_FAILED, BAD_REQUEST, INVALID_JSON',
    meaning: 'The document or its variables do not fit the schema, or the body is no JSON object.',
    remedy: 'A fault of the program: check it against the schema.',
  },
  {
    name: '400',
    code: 'OPERATION_TOO_LARGE, BATCH_NOT_ALLOWED',
    meaning: 'The operation is too deep, too long or too costly, or there are several in one request.',
    remedy: 'Ask for less, in one operation a request.',
  },
  {
    name: '401',
    code: 'UNAUTHENTICATED',
    meaning: 'The key or token lets nobody in.',
    remedy: 'Send a valid one, or none.',
  },
  {
    name: '403',
    code: 'CROSS_SITE_REQUEST, CROSS_SITE_CREDENTIALS',
    meaning: 'The page that sends it is of an origin that no portal has registered, or sends an authorization.',
    remedy: 'Have the origin registered; use keys from servers only.',
  },
  {
    name: '503',
    code: 'BUSY',
    meaning: 'More is sent at this moment than the platform can take. Nothing was kept.',
    remedy: 'Send the same again after the seconds that `retry-after` says, with the same key.',
  },
  {
    name: '429',
    code: 'TOO_MANY_TRIES',
    meaning: 'Many access codes from one source opened nothing within an hour: the next take turns, and too many wait.',
    remedy:
      'Send it again after the `retryAfterSeconds` that stand beside the code. Do not look codes up that nobody typed.',
  },
  { name: '405', code: 'METHOD_NOT_ALLOWED', meaning: 'It was no POST.', remedy: 'Send everything by POST.' },
  { name: '413', code: 'REQUEST_TOO_LARGE', meaning: 'The body has more than 64 KiB.', remedy: 'Send less at once.' },
  {
    name: '415',
    code: 'UNSUPPORTED_MEDIA_TYPE',
    meaning: 'The body is not uncompressed `application/json` in UTF-8.',
    remedy: 'Set the content type. Forms and uploads are not taken here.',
  },
  {
    name: '200',
    code: 'UNAUTHENTICATED, FORBIDDEN',
    meaning: 'The operation asks for something that is not open to whoever sends it. None of it was done.',
    remedy: 'Ask for what the public may see, or sign in.',
  },
  {
    name: '200',
    code: 'INTERNAL_SERVER_ERROR',
    meaning: 'Something failed on our side.',
    remedy: 'Send it again with the same key. If it lasts, tell us the `id` that stands beside the code.',
  },
];
