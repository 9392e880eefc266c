import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { openCase } from '../case/change-case.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { readHosting } from '../trace/hosting.ts';
import { sameContact } from './save-contact.ts';

/**
 * Proposes the host of a case as a contact, by the address that its network's registry gives for complaints; where a contact has
 * that address already, it is that one, unchanged. Gives its id. Throws `NotFoundError`, and `InvalidInputError` where no trace
 * names an address.
 */
export function proposeHostContact(by: BySignedIn, number: string): Promise<string> {
  return recorded(by, async ({ tx, note }) => {
    const { id: caseId, host, registrableDomain } = await openCase(tx, number);
    const { abuseContacts, networks, networkName } = await readHosting(tx, caseId);
    const [email] = abuseContacts;
    if (email === undefined) throw noAddress();

    const known = await sameContact(tx, { kind: 'HOST', email });
    if (known) {
      note({ stream: `contact:${known.id}`, action: 'FIND_CONTACT', subjects: [number] });
      return known.id;
    }
    const id = uuidv7();
    await tx.contact.create({
      data: {
        id,
        kind: 'HOST',
        name: networkName ?? host ?? email,
        email,
        // A network's address is for all that it carries; only where its number is unknown is it tied to this one domain.
        networks,
        domains: networks.length > 0 ? [] : [registrableDomain ?? host ?? []].flat(),
      },
    });
    note({ stream: `contact:${id}`, action: 'PROPOSE_CONTACT', subjects: [number], detail: { kind: 'HOST' } });
    return id;
  });
}

function noAddress(): InvalidInputError {
  return new InvalidInputError([
    {
      path: ['case'],
      code: 'NO_ABUSE_CONTACT',
      message: 'No trace of this case names an address for complaints. Trace the host, or save a contact by hand.',
    },
  ]);
}
