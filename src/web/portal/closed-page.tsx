import type { ListedPortal } from './documents.ts';
import { PortalLayout } from './layout.tsx';
import { Danger, HelpLines } from './parts.tsx';
import type { View } from './view.ts';

/** Whether a portal takes no reports. */
export const isClosed = ({ stage }: { stage: ListedPortal['stage'] }) =>
  stage === 'SUSPENDED' || stage === 'TRANSFERRED';

/** Instead of the first page of a portal that takes no reports: where to go. `world` is the portal for all countries, if it is open. */
export function ClosedPage({ view, world }: { view: View; world: ListedPortal | null }) {
  const { m, portal, language } = view;
  const elsewhere = portal.stage === 'TRANSFERRED' ? portal.transferredTo : null;
  return (
    <PortalLayout view={view} title={m.text('closed.title')} path="">
      <h1>{m.text('closed.title')}</h1>
      <p>{m.text(elsewhere ? 'closed.transferred' : 'closed.suspended')}</p>
      {elsewhere && (
        <p>
          <a class="button" href={elsewhere} rel="noreferrer">
            {m.text('closed.goTransferred')}
          </a>
        </p>
      )}
      {!elsewhere && (
        <p>
          <a class="button" href={world ? pathOf(world, language) : `/languages/${m.tag}`}>
            {m.text(world ? 'closed.goWorld' : 'footer.all')}
          </a>
        </p>
      )}
      <Danger view={view} alone />
      <h2>{m.text('help.title')}</h2>
      <HelpLines view={view} />
    </PortalLayout>
  );
}

/** The first page of a portal, in a language where it speaks it. */
function pathOf({ code, languages }: ListedPortal, language: string): string {
  return languages.includes(language) ? `/${code}/${language}` : `/${code}`;
}
