// The platform's generated client is TypeScript.
import { register } from 'tsx/esm/api';

register();
const { serve } = await import('./serve.mjs');
await serve();
