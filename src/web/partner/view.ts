import type { ResultOf } from 'gql.tada';
import { config } from '../../config.ts';
import { graphql, type Visit } from '../graphql.ts';
import { bestLanguage } from '../messages.ts';
import type { PageContext } from '../portal/visit.tsx';
import { PSEUDO_LOCALE } from '../pseudo-locale.ts';
import { type PartnerMessages, partnerLocales, partnerMessagesIn } from './messages.ts';

export const WhoReads = graphql(`
  query WhoReads { viewer { name role partnerKind countries } }
`);
type Reader = NonNullable<ResultOf<typeof WhoReads>['viewer']>;

/** A page of the partners as one visitor sees it; `reader` is null for whoever has not signed in. */
export type View = {
  m: PartnerMessages;
  reader: Reader | null;
  /** The path of this page, and what its address asks for. */
  path: string;
  query: Record<string, string>;
  /** What every address of this visitor carries: the language that somebody has chosen. */
  kept: Record<string, string>;
  /** The address of a page of ours, which keeps the language that somebody has chosen. */
  href: (path: string, query?: Record<string, string>) => string;
};

/** The same for somebody who has signed in: `visit` asks the platform with their rights. */
export type PartnerView = View & { reader: Reader; visit: Visit };

/** The page that a request asks for, in the language that its address names, or else in the best for this browser. */
export function viewOf(c: PageContext, reader: Reader | null): View {
  const { language: named, ...query } = c.req.query();
  const language = languageOf(named, c.req.header('accept-language') ?? null);
  const kept: Record<string, string> = language.isNamed ? { language: language.tag } : {};
  return {
    m: partnerMessagesIn(language.tag),
    reader,
    path: c.req.path,
    query,
    kept,
    href: (path, asked = {}) => {
      const search = new URLSearchParams({ ...asked, ...kept }).toString();
      return search ? `${path}?${search}` : path;
    },
  };
}

function languageOf(named: string | undefined, accepted: string | null): { tag: string; isNamed: boolean } {
  const tags = partnerLocales.map(({ tag }) => tag);
  const isKnown = named !== undefined && (tags.includes(named) || (named === PSEUDO_LOCALE && !config().production));
  return isKnown ? { tag: named, isNamed: true } : { tag: bestLanguage(accepted, tags, 'en'), isNamed: false };
}
