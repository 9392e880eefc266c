import type { Page } from 'playwright-core';
import { portals } from '../pages/portals-in-all-languages.ts';

export type Step = {
  name: string;
  go: (page: Page) => Promise<unknown>;
  /** Whether the page says that something is wrong. */
  isFault?: true;
  /** Whether the next step shows all of it again, with a fault: axe looks at it then, since each look takes a quarter of a second. */
  comesAgain?: true;
};

// Without the pointer, whose way takes a quarter of a second: portal-report.test.ts goes it.
const press = (page: Page, selector: string) =>
  Promise.all([page.waitForEvent('load'), page.dispatchEvent(selector, 'click')]);
const send = (page: Page) => press(page, 'main form:not(.back) button');
const save = (page: Page) => press(page, 'button[value=save]');
const skip = (page: Page) => press(page, 'button[value=skip]');

/** The shortest way through every kind of page that the public may see in a language, as a person goes it. */
export function walkIn(language: string, url: string): Step[] {
  const at = (path: string) => (page: Page) => page.goto(`${url}${path}`, { waitUntil: 'load' });
  const home = `/${portals.open}/${language}`;
  const sandbox = `/${portals.sandbox}/${language}`;
  let accessCode = '';
  let proof = '';
  const report = (address: string) => async (page: Page) => {
    await page.fill('#address', address);
    await send(page);
  };
  const showStatus = (code: () => string) => async (page: Page) => {
    await page.fill('#accessCode', code());
    await send(page);
  };
  const check = (text: () => string) => async (page: Page) => {
    await page.fill('#proof', text());
    await send(page);
  };
  return [
    { name: 'all portals', go: at(`/languages/${language}`) },
    { name: 'a first page', go: at(home) },
    { name: 'nothing typed', go: send, isFault: true },
    {
      name: 'the receipt',
      go: async (page) => {
        await report(`https://site.example/${language}`)(page);
        accessCode = (await page.textContent('#access-code')) ?? '';
        proof = (await page.inputValue('#proof')) ?? '';
      },
    },
    { name: 'whether a child is in danger', go: send, comesAgain: true },
    { name: 'no answer chosen', go: save, isFault: true },
    {
      name: 'what was seen, with the emergency number',
      go: async (page) => {
        await page.check('input[value=yes]');
        await save(page);
      },
    },
    { name: 'where it was', go: skip },
    { name: 'when it was', go: skip, comesAgain: true },
    {
      name: 'no such day',
      go: async (page) => {
        for (const [part, value] of Object.entries({ day: '31', month: '2', year: '2026' }))
          await page.fill(`#seenOn-${part}`, value);
        await save(page);
      },
      isFault: true,
    },
    { name: 'how it was found', go: skip },
    { name: 'a note', go: skip, comesAgain: true },
    { name: 'an empty note', go: save, isFault: true },
    { name: 'the contact', go: skip, comesAgain: true },
    { name: 'no contact', go: save, isFault: true },
    {
      name: 'all answers',
      go: async (page) => {
        await page.fill('#contactEmail', 'reporter@mail.example');
        await save(page);
      },
    },
    { name: 'an answer to change', go: (page) => press(page, 'dl > div:first-child button') },
    {
      name: 'the end',
      go: async (page) => {
        await press(page, '.back button');
        await press(page, 'main > form:last-of-type button');
      },
    },
    { name: 'the box for an access code', go: at(`${home}/status`) },
    { name: 'no access code', go: send, isFault: true, comesAgain: true },
    { name: 'an unknown access code', go: showStatus(() => '0000 0000 0000 0000'), isFault: true },
    { name: 'the status', go: showStatus(() => accessCode) },
    { name: 'whether to take the contact back', go: (page) => press(page, 'main form:nth-of-type(2) button') },
    { name: 'the status without contact', go: send },
    { name: 'help lines', go: at(`${home}/help`) },
    { name: 'the sandbox', go: at(sandbox) },
    { name: 'a wait for too many reports', go: report('https://too-many-reports.sandbox.test/') },
    {
      name: 'one more step',
      go: async (page) => {
        // As after three tries: the page stands still, with scripts too.
        await page.evaluate(
          `document.querySelector('main form').insertAdjacentHTML('beforeend', '<input type="hidden" name="tries" value="3">')`,
        );
        await report('https://challenge-required.sandbox.test/')(page);
      },
    },
    { name: 'for the police', go: at(`/${portals.police}/${language}`) },
    { name: 'closed', go: at(`/${portals.closed}/${language}`) },
    { name: 'handed over', go: at(`/${portals.transferred}/${language}`) },
    { name: 'proofs', go: at(`/proof/${language}`), comesAgain: true },
    { name: 'no proof', go: send, isFault: true, comesAgain: true },
    { name: 'a wrong proof', go: check(() => 'no proof'), isFault: true },
    { name: 'a real proof', go: check(() => proof) },
    { name: 'no such page', go: at(`/nowhere/${language}`) },
  ];
}
