import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Ask, Visit } from './graphql.ts';

type Env = { Bindings: HttpBindings };

/** What the public pages need of the server. */
export type Site = { ask: Ask; publicUrl: string; visitOf: (c: Context<Env>) => Visit };

/** The pages that anyone may see. */
export function publicPages(_site: Site): Hono<Env> {
  return new Hono<Env>();
}
