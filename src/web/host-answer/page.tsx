import { type Messages, messagesIn } from '../messages.ts';
import { ErrorSummary } from '../portal/parts.tsx';
import { SiteLayout } from '../portal/site-layout.tsx';
import type { ShownNotice } from './documents.ts';
import { hostAnswerTexts, type Texts } from './texts.ts';

export const ANSWERS = ['RECEIVED', 'REMOVED', 'NOT_OURS'] as const;

type Said = 'NOTHING' | 'SAVED' | 'EMPTY';

/** The page on which whoever has the link of a message answers it, line by line. It needs no script. */
export function HostAnswerPage({ notice, token, said }: { notice: ShownNotice; token: string; said: Said }) {
  const texts = hostAnswerTexts(notice.language);
  const m = messagesIn(texts.tag);
  const title = texts.text('title', { reference: notice.reference });
  const faults = said === 'EMPTY' ? [{ field: 'answer-1-RECEIVED', text: texts.text('empty') }] : [];
  return (
    <SiteLayout m={m} title={title} hasFaults={faults.length > 0}>
      <ErrorSummary m={m} faults={faults} />
      {said === 'SAVED' && (
        <div class="box" role="status">
          <p>{texts.text('saved')}</p>
        </div>
      )}
      <h1>{title}</h1>
      <p>{texts.text('text', { date: m.date(notice.sentOn) })}</p>
      <p>{texts.text('until', { date: m.date(notice.validUntil) })}</p>
      <form method="post" action={`/notice/${token}`}>
        {notice.lines.map((line, index) => (
          <Line texts={texts} line={line} number={index + 1} />
        ))}
        <button type="submit">{texts.text('send')}</button>
      </form>
    </SiteLayout>
  );
}

function Line({ texts, line, number }: { texts: Texts; line: ShownNotice['lines'][number]; number: number }) {
  return (
    <div class="field choices">
      <fieldset>
        <legend>
          <bdi dir="ltr" translate="no">
            {line.defangedAddress}
          </bdi>
        </legend>
        {line.answer === null && <p class="hint">{texts.text('none')}</p>}
        {ANSWERS.map((answer) => (
          <label>
            <input
              type="radio"
              id={`answer-${number}-${answer}`}
              name={`answer-${line.line}`}
              value={answer}
              checked={line.answer === answer}
            />
            <span>{texts.text(answer)}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** What every link that opens nothing leads to: unknown, altered or expired. */
export function NoNoticePage({ m }: { m: Messages }) {
  const texts = hostAnswerTexts(m.tag);
  const page = texts.tag === m.tag ? m : messagesIn(texts.tag);
  return (
    <SiteLayout m={page} title={texts.text('goneTitle')}>
      <h1>{texts.text('goneTitle')}</h1>
      <p>{texts.text('goneText')}</p>
    </SiteLayout>
  );
}
