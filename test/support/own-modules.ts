import SchemaBuilder from '@pothos/core';
import { vi } from 'vitest';

// Runs before every test file. A worker runs many files, one after another, and keeps the libraries that it has loaded; modules of
// the platform are each file's own, as in a process of its own: a configuration, a pool or a counter of one is never seen by another.
const worker = globalThis as typeof globalThis & { atStart?: { env: NodeJS.ProcessEnv; settings: NodeJS.ProcessEnv } };
worker.atStart ??= { env: process.env, settings: { ...process.env } };

vi.resetModules();
vi.useRealTimers();
vi.unstubAllEnvs();
vi.unstubAllGlobals();
// A file may have put another object in its place, which the process does not listen to.
process.env = worker.atStart.env;
for (const name of Object.keys(process.env)) delete process.env[name];
Object.assign(process.env, worker.atStart.settings);
// A file's schema builder brings our own plugin anew.
SchemaBuilder.allowPluginReRegistration = true;
