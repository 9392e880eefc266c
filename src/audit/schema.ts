import { GraphQLError } from 'graphql';
import { prisma } from '../db.ts';
import type { AuditEntry } from '../generated/prisma/client.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { connectionOf, fromCursor, pageOf, pageSize, UUID, WHOLE_NUMBER } from '../graphql/connection.ts';
import { byOf } from '../graphql/context.ts';
import { recordRead } from './recorded.ts';

builder.prismaObject('AuditEntry', {
  description: 'One link of the audit trail: who did what, when and why.',
  fields: (t) => ({
    stream: t.exposeString('stream', { description: 'The chain that it belongs to, such as `case:C-000042`.' }),
    seq: t.string({ description: 'Its place in the chain, from 1.', resolve: ({ seq }) => String(seq) }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.exposeString('actor', { description: '`account:<id>`, `stranger`, or `system`.' }),
    operation: t.exposeString('operation', { description: 'The name that the client gave its operation: why.' }),
    action: t.exposeString('action', { description: 'What was done.' }),
    subjects: t.exposeStringList('subjects', { description: 'The cases that it touched besides.' }),
    detail: t.exposeString('detail', {
      nullable: true,
      description: 'Facts, as JSON; null once retention removed them.',
    }),
  }),
});

const CASE_NUMBER = /^C-\d{6,15}$/;

const AuditConnection = connectionOf<AuditEntry>('Audit', refOf('AuditEntry'), 'audit entries');

builder.queryFields((t) => ({
  auditTrail: t.field({
    type: AuditConnection,
    description: 'The audit trail, newest first. For supervisors and administrators; reading it is recorded too.',
    args: {
      case: t.arg.string({ description: 'Only what concerns the case of this number.' }),
      account: t.arg.id({ description: 'Only what this account did.' }),
      first: t.arg.int({ defaultValue: 50, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
    },
    resolve: async (_root, { case: number, account, first, after }, context) => {
      const size = pageSize(first, 50);
      if (number && !CASE_NUMBER.test(number)) refuse('Give a case number such as C-000042.');
      if (account && !UUID.test(account)) refuse('Give the id of an account.');
      const [id] = fromCursor(after, [WHOLE_NUMBER]) ?? [];
      const rows = await prisma.auditEntry.findMany({
        where: {
          ...(id ? { id: { lt: BigInt(id) } } : {}),
          ...(number ? { OR: [{ stream: `case:${number}` }, { subjects: { has: number } }] } : {}),
          ...(account ? { actor: `account:${account}` } : {}),
        },
        orderBy: { id: 'desc' },
        take: size + 1,
      });
      await recordRead(byOf(context), {
        stream: `account:${context.viewer?.id}`,
        action: 'READ_AUDIT_TRAIL',
        subjects: number ? [number] : [],
      });
      return pageOf(rows, size, (entry) => [String(entry.id)]);
    },
  }),
}));

function refuse(remedy: string): never {
  throw new GraphQLError(remedy, { extensions: { code: 'BAD_USER_INPUT' } });
}
