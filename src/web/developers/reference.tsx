import { sandboxAddress, sandboxScenarios } from '../../domain/sandbox-scenarios.ts';
import { persistedDocuments } from '../../graphql/persisted-documents.ts';
import { expectedErrors, refusals } from './answers.ts';
import { Code, Row, Table, Words } from './parts.tsx';

/** What can be tried in the sandbox, from the table by which it answers. */
export function Sandbox() {
  return (
    <>
      <h2 id="sandbox">The sandbox</h2>
      <p>
        The portal <code>sandbox</code> answers as every portal does, and keeps nothing. The host of the address says
        what comes of it; every other address is received. Its receipts have the same access codes each time, and their
        proof proves nothing.
      </p>
      <Table caption="What to try in the sandbox" heads={['address', 'answer', 'status by the access code', 'meaning']}>
        {sandboxScenarios.map((scenario) => (
          <tr>
            <th scope="row">
              <code>{sandboxAddress(scenario)}</code>
            </th>
            <td>
              <code>{scenario.answer}</code>
            </td>
            <td>{statusText(scenario)}</td>
            <td>
              <Words text={scenario.meaning} />
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">any text without an address</th>
          <td>
            <code>InvalidInputError</code>
          </td>
          <td />
          <td>Faults are found as in every portal.</td>
        </tr>
      </Table>
    </>
  );
}

function statusText({ answer, status }: (typeof sandboxScenarios)[number]): string {
  if (answer !== 'ReportReceipt') return '';
  if (!status) return 'null';
  return status.outcome ? `${status.stage}, ${status.outcome}` : status.stage;
}

/** Everything that can go wrong, and the remedy. */
export function Errors() {
  return (
    <>
      <h2 id="errors">Errors, and what to do about them</h2>
      <p>
        What can be expected is a member of the result, under <code>data</code>: look at <code>__typename</code> first.
        Each has a stable <code>code</code> for programs and an English <code>message</code> for people.
      </p>
      <Table caption="Expected errors" heads={['type and code', 'meaning', 'what to do']}>
        {expectedErrors.map(({ name, code, meaning, remedy }) => (
          <Row head={[name, code]} cells={[meaning, remedy]} />
        ))}
      </Table>
      <p>
        All else refuses the whole request, under <code>errors</code>, with the code in <code>extensions.code</code>.
      </p>
      <Table caption="Refused requests" heads={['HTTP status and code', 'meaning', 'what to do']}>
        {refusals.map(({ name, code, meaning, remedy }) => (
          <Row head={[name, ...code.split(', ')]} cells={[meaning, remedy]} />
        ))}
      </Table>
    </>
  );
}

/** The documents that portals may name. */
export function Documents() {
  return (
    <>
      <h2 id="documents">Persisted documents</h2>
      <p>
        In place of <code>query</code> you may name one of these documents:{' '}
        <code>{'{"documentId": "portal.1", "variables": {"code": "sandbox"}}'}</code>. They never change: what a page
        sends today will work in years. A change gets the next number.
      </p>
      {persistedDocuments.map(({ id, purpose, text }) => (
        <details>
          <summary>
            <code>{id}</code> <Words text={purpose} />
          </summary>
          <Code text={text} label={id} />
        </details>
      ))}
    </>
  );
}
