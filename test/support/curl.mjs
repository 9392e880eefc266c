#!/usr/bin/env node
// Stands in for curl where a machine has none, for the commands that we print only: -s, -H, -d with a text or @-.
import { readFileSync } from 'node:fs';

const headers = {};
let url = '';
let body = '';
const args = process.argv.slice(2);
while (args.length > 0) {
  const arg = args.shift();
  if (arg === '-s') continue;
  if (arg === '-H') {
    const [name, ...value] = args.shift().split(':');
    headers[name] = value.join(':').trim();
  } else if (arg === '-d') body = args.shift();
  else url = arg;
}
if (body === '@-') body = readFileSync(0, 'utf8');
const response = await fetch(url, body ? { method: 'POST', headers, body } : { headers });
process.stdout.write(await response.text());
