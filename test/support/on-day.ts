import { vi } from 'vitest';

/** Does something on another day, given in milliseconds since 1970. */
export async function onDay<T>(time: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: time });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}
