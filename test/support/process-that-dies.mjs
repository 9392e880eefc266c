// One of two processes: the first dies once, while the second is still starting.
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { number } = JSON.parse(process.env.PROCESS_PLACE);
const died = `${process.env.DATABASE_URL}/died`;
const listen = () => createServer().listen(Number(process.env.PORT), '127.0.0.1');
process.on('message', (word) => word === 'stop' && process.exit());

if (number === 2) setTimeout(listen, 700);
else {
  const again = existsSync(died);
  writeFileSync(died, '');
  listen();
  if (!again) setTimeout(() => process.exit(7), 100);
}
