// A session that is not used ends: a dialog a minute before, "Stay signed in", and a page that says why (WCAG 2.2.1).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertQuiet, launch, newPage, picture, signIn, words } from './chromium.mjs';
import { startProvider } from './identity.mjs';
import { ana, setting } from './setting.mjs';

const IDLE = 20 * 60;

let provider, browser;

before(async () => {
  provider = await startProvider({ seed: setting(), config: { session: { idle: '20m' } } });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await provider?.stop();
});

const account = () => new URL('/account', provider.public_url).href;

/** Lets time go by, for the provider and for the browser. */
async function wait(page, seconds) {
  await provider.advance(seconds);
  await page.clock.fastForward(seconds * 1000);
}

async function signedIn(options) {
  const device = await newPage(browser, options);
  await device.page.clock.install();
  await device.page.goto(account());
  await signIn(device.page, ana.email, ana.password);
  await device.page.locator('#idle').waitFor({ state: 'attached' });
  return { ...device, dialog: device.page.locator('dialog#idle'), stay: device.page.getByRole('button', { name: 'Stay signed in' }) };
}

test('h_51_a_dialog_warns_a_minute_before_and_staying_moves_the_end', async () => {
  const { page, context, complaints, dialog, stay } = await signedIn();
  await wait(page, IDLE - 65);
  assert.equal(await dialog.isVisible(), false, '65 seconds before');
  await wait(page, 10);
  await dialog.waitFor({ state: 'visible' });
  assert.match(await dialog.innerText(), /Are you still there\?/);
  assert.match(await dialog.locator('[data-left]').innerText(), /^0:5\d$/);
  assert.equal(await stay.evaluate((button) => button === document.activeElement), true, 'the focus is on the answer');
  assert.equal(await dialog.evaluate((element) => element.matches(':modal')), true);
  await picture(page, 'idle-warning');
  await stay.click();
  await dialog.waitFor({ state: 'hidden' });

  // Not the 55 seconds that were left but all of it, from the answer on; Escape is an answer too.
  await wait(page, IDLE - 65);
  assert.equal(await dialog.isVisible(), false);
  await wait(page, 10);
  await dialog.waitFor({ state: 'visible' });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await wait(page, IDLE - 65);
  await page.reload();
  assert.equal(page.url(), account(), 'still signed in');
  assertQuiet(complaints);
  await context.close();
});

test('h_51_afterwards_the_page_says_why', async () => {
  const { page, context, complaints, dialog } = await signedIn();
  await wait(page, IDLE - 30);
  await dialog.waitFor({ state: 'visible' });
  await wait(page, 31);
  await page.locator('input[name=identifier]').waitFor();
  assert.match(await words(page), /You hadn’t used it for a while/);
  await picture(page, 'idle-ended');
  await signIn(page, ana.email, ana.password);
  assert.equal(page.url(), account());
  assertQuiet(complaints);
  await context.close();
});

test('h_51_one_tab_that_is_used_keeps_the_other_quiet', async () => {
  const { page, context, complaints, dialog } = await signedIn();
  await wait(page, IDLE - 120);
  const other = await context.newPage();
  await other.goto(account());
  await page.clock.fastForward(90_000);
  assert.equal(await dialog.isVisible(), false);
  assertQuiet(complaints);
  await context.close();
});

test('h_51_h_73_without_javascript_the_next_page_says_why', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(account());
  await signIn(page, ana.email, ana.password);
  assert.equal(await page.locator('dialog#idle').isVisible(), false);
  await provider.advance(IDLE);
  await page.goto(account());
  assert.match(await words(page), /You hadn’t used it for a while/);
  await signIn(page, ana.email, ana.password);
  assert.equal(page.url(), account());
  await context.close();
});
