/** What a report through the sandbox portal comes to, by the host of its address, `https://<name>.sandbox.test/`. */
export type SandboxScenario = {
  name: string;
  /** The type that `submitReport` answers with. */
  answer:
    | 'ReportReceipt'
    | 'PortalClosedError'
    | 'ChallengeRequiredError'
    | 'TooManyReportsError'
    | 'IdempotencyConflictError';
  /** What the receipt's access code opens from then on; null where there is no receipt, or where it opens nothing. */
  status: {
    stage: 'RECEIVED' | 'IN_PROGRESS' | 'COMPLETED';
    outcome: 'ACTION_TAKEN' | 'NO_ACTION_POSSIBLE' | null;
  } | null;
  /** For a portal's developer. */
  meaning: string;
};

const SANDBOX_HOST = '.sandbox.test';

const receipt = (name: string, status: SandboxScenario['status'], meaning: string): SandboxScenario => ({
  name,
  answer: 'ReportReceipt',
  status,
  meaning,
});
const error = (name: string, answer: SandboxScenario['answer'], meaning: string): SandboxScenario => ({
  name,
  answer,
  status: null,
  meaning,
});

/** A receipt on which nothing has happened yet: what every address without a scenario comes to. */
const receivedScenario: SandboxScenario = receipt(
  'received',
  { stage: 'RECEIVED', outcome: null },
  'A receipt. Nobody has looked at the report yet.',
);

/** All that can be tried in the sandbox. The hosts are of the reserved domain `.test` (RFC 6761): nobody can own them. */
export const sandboxScenarios: readonly SandboxScenario[] = [
  receivedScenario,
  receipt('in-progress', { stage: 'IN_PROGRESS', outcome: null }, 'A receipt. The report is being worked on.'),
  receipt(
    'action-taken',
    { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' },
    'A receipt. The work is done, and action was taken.',
  ),
  receipt(
    'no-action-possible',
    { stage: 'COMPLETED', outcome: 'NO_ACTION_POSSIBLE' },
    'A receipt. The work is done, and no action was possible.',
  ),
  receipt(
    'expired',
    null,
    'A receipt whose access code opens nothing, as codes do that are unknown, expired or deleted.',
  ),
  error('portal-closed', 'PortalClosedError', 'The portal takes no reports now, and nobody has taken over.'),
  error('portal-transferred', 'PortalClosedError', 'A national hotline has taken over: `transferredTo` says where.'),
  error(
    'challenge-required',
    'ChallengeRequiredError',
    'A challenge to solve, or a ticket to wait for. Sent again with its answer, the report gets its receipt.',
  ),
  error('too-many-reports', 'TooManyReportsError', 'No report is taken before `retryAfterSeconds` have passed.'),
  error('idempotency-conflict', 'IdempotencyConflictError', 'The idempotency key was used for another report.'),
];

/** The address by which a scenario is tried. */
export function sandboxAddress({ name }: SandboxScenario): string {
  return `https://${name}${SANDBOX_HOST}/`;
}

/** The scenario that the first of these hosts names, or the one of a plain receipt. */
export function scenarioOf(hosts: readonly (string | null)[]): SandboxScenario {
  const named = hosts.map((host) => sandboxScenarios.find(({ name }) => host === `${name}${SANDBOX_HOST}`));
  return named.find((scenario) => scenario !== undefined) ?? receivedScenario;
}
