import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type CaseInput, changeCase } from '../case/change-case.ts';
import type { ActionKind } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput, text } from '../read-input.ts';

export type NotifyHostInput = CaseInput & { recipient: string; recipientCountry?: string | null | undefined };
export type ReferCaseInput = NotifyHostInput & { to: 'POLICE' | 'HOTLINE' };

const recipient = z.object({ recipient: text(254), recipientCountry: optional(z.string()) });

/** Which clock of the episode each kind of action starts. */
const told = { HOST_NOTICE: 'hostTold', POLICE_REFERRAL: 'policeTold', HOTLINE_REFERRAL: 'hotlineTold' } as const;

/**
 * Records that the host was asked to remove the content. The platform sends no mail yet: an analyst did. Possible only once
 * no second opinion is owed. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function notifyHost(by: BySignedIn, input: NotifyHostInput, now: Date): Promise<string> {
  return sendAction(by, input, 'HOST_NOTICE', now);
}

/** Records that the case was referred to the police or to a hotline. Gives the case's id. Throws as `notifyHost` does. */
export function referCase(by: BySignedIn, input: ReferCaseInput, now: Date): Promise<string> {
  return sendAction(by, input, input.to === 'POLICE' ? 'POLICE_REFERRAL' : 'HOTLINE_REFERRAL', now);
}

function sendAction(by: BySignedIn, input: NotifyHostInput, kind: ActionKind, now: Date): Promise<string> {
  const sent = readInput(recipient, input, freeTextIssues(['input', 'recipient'], input.recipient));
  return changeCase(by, input, now, { action: kind, claimed: true }, async ({ tx, case: opened, happen }) => {
    await happen({ event: 'SEND_ACTION' });
    await tx.action.create({
      data: {
        id: uuidv7(),
        caseId: opened.id,
        episodeId: opened.episode.id,
        kind,
        ...sent,
        sentById: by.viewer.id,
        queuedAt: now,
        sentAt: now,
      },
    });
    const clock = told[kind];
    if (!opened.episode[clock]) await tx.episode.update({ where: { id: opened.episode.id }, data: { [clock]: now } });
    return { recipientCountry: sent.recipientCountry };
  });
}
