// What Node loads before main.ts, so that it runs TypeScript: tsx. Where that reads files in a thread of its own (Node below 22.15), the
// thread's heap has nothing to do once all is loaded; its young generation is kept to a tenth of what it would grow to, and hold.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--max-semi-space-size=1');
await import('tsx');
setFlagsFromString('--max-semi-space-size=0'); // as Node has it
