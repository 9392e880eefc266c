import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from './support/platform.ts';

const readme = readFileSync('README.md', 'utf8');
const commands = Array.from(readme.matchAll(/<!-- main-job -->\n```sh\n(.*?)```/gs), ([, command = '']) => command);

describe('the README', () => {
  let platform: Platform;
  let bin: string;
  beforeAll(async () => {
    platform = await startPlatform();
    mkdirSync('.data', { recursive: true });
    bin = mkdtempSync(join(tmpdir(), 'readme-bin-'));
    if (spawnSync('curl', ['--version']).error) {
      copyFileSync('test/support/curl.mjs', join(bin, 'curl'));
      chmodSync(join(bin, 'curl'), 0o755);
    }
  });
  afterAll(async () => {
    rmSync(bin, { recursive: true, force: true });
    await platform.stop();
  });

  it('shows the main job as six commands that work as printed', async () => {
    expect(commands).toHaveLength(6);
    const script = `set -eo pipefail\n${commands.map((command) => `${command}\necho`).join('\n')}`;
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-c', script.replaceAll('http://localhost:4000', platform.url)],
      {
        env: { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter), NODE_ENV: 'development' },
      },
    );
    const answers = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).data);
    expect(answers).toMatchObject([
      { submitReport: { accessCode: expect.stringMatching(/^(\d{4} ?){4}$/) } },
      { claimNextCase: { state: 'AWAITING_ASSESSMENT' } },
      { assessCase: { version: 2, state: 'AWAITING_REVIEW' } },
      { claimCase: { state: 'AWAITING_REVIEW', assessments: [] }, reviewCase: { state: 'AWAITING_ACTION' } },
      {
        recordTrace: { version: 4 },
        notifyHost: { state: 'AWAITING_REMOVAL' },
        recordObservation: { state: 'REMOVED' },
      },
      { reportStatus: { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' } },
    ]);
  });

  it('names every command and setting that there is', () => {
    const settings = Array.from(
      readFileSync('src/config.ts', 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+):/gm),
      ([, name]) => name,
    );
    expect(settings.length).toBeGreaterThan(10);
    for (const setting of settings.filter((name) => name !== 'NODE_ENV')) expect(readme).toContain(`\`${setting}\``);
    const commandNames = Array.from(
      readFileSync('src/main.ts', 'utf8').matchAll(/\.command\('([\w-]+)'/g),
      ([, name = '']) => name,
    );
    for (const name of commandNames.filter((name) => name !== 'serve' && name !== 'schema'))
      expect(readme).toMatch(new RegExp(`start -- .*${name}`));
  });
});
