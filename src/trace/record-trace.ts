import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type CaseInput, changeCase, factsOf, type OpenCase } from '../case/change-case.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import { type InputIssue, InvalidTransitionError } from '../domain/errors.ts';
import { HostPlacement, TraceMethod } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput, text } from '../read-input.ts';
import { readHosting } from './hosting.ts';

const finding = z.object({
  method: z.enum(TraceMethod),
  tool: optional(text(200)),
  placement: z.enum(HostPlacement),
  country: optional(z.string()),
  network: optional(text(200)),
  reason: text(1_000),
});
export type RecordTraceInput = CaseInput & z.input<typeof finding>;

/**
 * Records where a person found the host to be, by which method, and why. It stands beside what the automatic methods say.
 * Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function recordTrace(by: BySignedIn, input: RecordTraceInput, now: Date): Promise<string> {
  const found = readInput(finding, input, [...countryIssues(input), ...wordsIssues(input)]);
  return changeCase(by, input, now, { action: 'TRACE', claimed: true }, async ({ tx, case: opened, set }) => {
    openForTrace(opened);
    await tx.hostTrace.create({
      data: {
        id: uuidv7(),
        caseId: opened.id,
        episodeId: opened.episode.id,
        ...found,
        tool: found.tool ?? 'by hand',
        recordedById: by.viewer.id,
        at: now,
      },
    });
    if (!opened.episode.traced) await tx.episode.update({ where: { id: opened.episode.id }, data: { traced: now } });
    const { by: says, country } = await readHosting(tx, opened.id);
    if (says !== null) await set({ hostingCountry: country });
    return { method: found.method, placement: found.placement };
  });
}

/** Only confirmed content that is not on hold is traced. Throws an `InvalidTransitionError`. */
export function openForTrace(opened: OpenCase): void {
  if (opened.state === 'AWAITING_ACTION' || opened.state === 'AWAITING_REMOVAL') return;
  throw new InvalidTransitionError(opened.state, allowedEvents(factsOf(opened, opened.firstOpinion)));
}

function wordsIssues(input: RecordTraceInput): InputIssue[] {
  return (['tool', 'network', 'reason'] as const).flatMap((field) => freeTextIssues(['input', field], input[field]));
}

function countryIssues({ placement, country }: RecordTraceInput): InputIssue[] {
  if ((placement === 'COUNTRY') === Boolean(country)) return [];
  return [
    {
      path: ['input', 'country'],
      code: 'MISMATCH',
      message: 'Name the country when, and only when, the placement is COUNTRY.',
    },
  ];
}
