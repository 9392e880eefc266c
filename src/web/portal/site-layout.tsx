import type { Child } from 'hono/jsx';
import { locales, type Messages } from '../messages.ts';
import { Layout } from './layout.tsx';

type SiteLayoutProps = {
  m: Messages;
  title: string;
  /** The page's path before a language, where it is in all of them. */
  path?: string;
  hasFaults?: boolean;
  children?: Child;
};

/** The frame of pages that belong to no portal. */
export function SiteLayout({ m, title, path, hasFaults, children }: SiteLayoutProps) {
  const languages = path === undefined ? [] : locales.map(({ tag }) => ({ language: tag, href: `${path}/${tag}` }));
  return (
    <Layout m={m} title={title} site={m.text('landing.title')} languages={languages} hasFaults={hasFaults}>
      {children}
    </Layout>
  );
}
