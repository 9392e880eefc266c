import { builder } from './builder.ts';

/** An account as colleagues see it: every capability whose types name a person uses it. */
export const Colleague = builder.prismaObject('Account', {
  variant: 'Colleague',
  description: 'Somebody of the hotline, as colleagues see them.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The account’s id.' }),
    name: t.exposeString('name', { description: 'Their name.' }),
  }),
});
