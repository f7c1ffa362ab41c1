// Second steps as a person without JavaScript goes through them: an app, its loss, backup codes, text messages, enrolment that is asked for.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { launch, newPage, picture, signIn, submit, words } from './chromium.mjs';
import { addApp, keyOf, saveCodes, totp, typeCode, wrong } from './factors.mjs';
import { startProvider } from './identity.mjs';
import { ana, authorize, bo, client, member, setting } from './setting.mjs';

const cleo = { email: 'cleo@acme.test', name: 'Cleo Cole', password: 'marble-lantern-geese-44' };
const NUMBER = '+4915112345678';

let app, browser, free, strict, gentle;

before(async () => {
  app = await startApp();
  const seed = setting(client(app.callback));
  seed.users.push(member(bo), member(cleo));
  [free, strict, gentle] = await Promise.all([
    startProvider({ seed }),
    startProvider({ seed, config: { mfa: { required: true, grace: '0s' } } }),
    startProvider({ seed, config: { mfa: { required: true, grace: '7d' } } }),
  ]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await Promise.all([free, strict, gentle].map((provider) => provider?.stop()));
  await app?.stop();
});

const plain = (options = {}) => newPage(browser, { javaScriptEnabled: false, ...options });
const at = (path, provider = free) => new URL(path, provider.public_url).href;

/** Asks for a sign-in under a name of its own, and types the password. */
async function begin(page, provider, person, state, more = {}) {
  await page.goto(authorize(provider, app, { state, ...more }));
  await signIn(page, person.email, person.password);
}


let key, codes;

test('h_33_h_34_h_37_an_authenticator_app_is_added_and_backup_codes_follow', async () => {
  const { page, context } = await plain();
  await page.goto(at('/account/security'));
  await signIn(page, ana.email, ana.password);
  await page.locator('a[href="/account/security/apps/add"]').first().click();
  assert.equal(await page.locator('svg[role=img]').count(), 1, 'a QR code that is part of the page');
  assert.match(await page.locator('a[href^="otpauth://totp/"]').getAttribute('href'), /issuer=/);
  key = await keyOf(page);
  assert.match(key, /^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/, 'grouped by four');
  await picture(page, 'add-app-no-js');

  await typeCode(page, wrong(totp(key, await free.advance(0))));
  assert.ok(await page.locator('[role=alert]').isVisible());
  assert.equal(await keyOf(page), key, 'the same key after a wrong code');
  await addApp(page, free);

  await picture(page, 'backup-codes-no-js');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()]);
  const file = await readFile(await download.path(), 'utf8');
  assert.match(file, /ana@acme\.test/);
  codes = await saveCodes(page);
  for (const code of codes) assert.ok(file.includes(code), 'the file holds every code');
  assert.match(await words(page), /10 of 10/);
  assert.equal(await page.locator('#totp-key').count(), 0);
  await context.close();
});

test('h_36_the_app_signs_in_each_code_once', async () => {
  const { page, context } = await plain();
  await begin(page, free, ana, 'app');
  const field = page.locator('input[name=code]');
  assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
  assert.equal(await field.getAttribute('inputmode'), 'numeric');
  await picture(page, 'second-factor-no-js');
  const code = totp(key, await free.advance(30));
  await typeCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
  await app.arrived(page, 'app');
  await context.close();

  const second = await plain();
  await begin(second.page, free, ana, 'again');
  await typeCode(second.page, code);
  assert.ok(await second.page.locator('[role=alert]').isVisible(), 'a code works once');
  await typeCode(second.page, totp(key, await free.advance(30)));
  await app.arrived(second.page, 'again');
  await second.context.close();
});

test('h_32_h_39_h_40_who_lost_the_app_comes_back_with_a_backup_code_and_removes_it', async () => {
  const { page, context } = await plain();
  await begin(page, free, ana, 'lost');
  await page.locator('[data-part=other-ways] a[href*="backup_code"]').click();
  const field = page.locator('input[name=code]');
  assert.equal(await field.getAttribute('type'), 'text', 'what is typed can be read');
  await picture(page, 'backup-code-no-js');
  await typeCode(page, codes[0].toUpperCase().replaceAll('-', ' '));
  await app.arrived(page, 'lost');
  const mails = await free.mails(ana.email);
  assert.ok(mails.some(({ subject }) => /backup code was used/.test(subject)));

  await page.goto(at('/account/security'));
  assert.match(await words(page), /9 of 10/);
  // The session has the level it reached, so the app that is lost can go at once; its codes go with it.
  await page.locator('[data-part=second-steps] summary').first().click();
  await page.locator('form[action="/account/security/remove"] button').first().click();
  assert.ok(await page.locator('[role=status]').first().isVisible());
  assert.equal(await page.locator('a[href="/account/security/apps/add"]').count(), 1);
  await page.locator('a[href="/account/security/apps/add"]').click();
  const next = await keyOf(page);
  assert.notEqual(next, key);
  await addApp(page, free);
  const fresh = await saveCodes(page);
  assert.ok(!fresh.includes(codes[1]));
  await context.close();

  const later = await plain();
  await begin(later.page, free, ana, 'used');
  await later.page.locator('[data-part=other-ways] a[href*="backup_code"]').click();
  for (const old of codes.slice(0, 2)) {
    await typeCode(later.page, old);
    assert.ok(await later.page.locator('[role=alert]').isVisible(), 'used, and of the set before');
  }
  await later.page.goto(authorize(free, app, { state: 'new app' }));
  await signIn(later.page, ana.email, ana.password);
  await typeCode(later.page, totp(next, await free.advance(30)));
  await app.arrived(later.page, 'new app');
  await later.context.close();
});

test('h_31_a_code_by_text_message', async () => {
  const { page, context } = await plain();
  await page.goto(at('/account/security'));
  await signIn(page, bo.email, bo.password);
  await page.locator('a[href="/account/security/phone"]').click();
  await page.locator('input[name=phone]').fill('0049 151 123-45678');
  await submit(page, page.locator('input[name=phone]'));
  const newest = async () => (await free.messages(NUMBER))[0];
  const first = await newest();
  await typeCode(page, wrong(first.codes[0]));
  assert.ok(await page.locator('[role=alert]').isVisible());
  await picture(page, 'phone-no-js');
  await typeCode(page, first.codes[0]);
  await saveCodes(page);
  assert.match(await words(page), /Weaker/);
  await context.close();

  await free.advance(120);
  const other = await plain();
  await begin(other.page, free, bo, 'sms');
  assert.doesNotMatch(await words(other.page), /5112345/, 'the number is not told to whoever knows the password');
  await other.page.getByRole('button', { name: 'Send code' }).click();
  const second = await newest();
  assert.notEqual(second.text, first.text);
  await typeCode(other.page, first.codes[0]);
  assert.ok(await other.page.locator('[role=alert]').isVisible(), 'a code of another request');
  await picture(other.page, 'second-factor-sms-no-js');
  // The page keeps its "Send again"; the newest code is the one that counts.
  await free.advance(60);
  await other.page.getByRole('button', { name: 'Send again' }).click();
  const third = await newest();
  assert.notEqual(third.text, second.text);
  await typeCode(other.page, third.codes[0]);
  await app.arrived(other.page, 'sms');
  await other.context.close();
});

test('h_47_enrolment_that_is_required_ends_in_backup_codes_and_in_the_application', async () => {
  const { page, context } = await plain();
  await begin(page, strict, ana, 'required');
  assert.match(await words(page), /asks everyone to add a second step/);
  assert.equal(await page.getByRole('button', { name: 'Not now' }).count(), 0, 'no grace');
  await picture(page, 'enrol-no-js');

  // No way is a dead end: each leads back to the choice, also the one that needs JavaScript.
  for (const way of await page.locator('[data-part=ways] a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
    await page.locator(`[data-part=ways] a[href="${way}"]`).click();
    if (/passkey/.test(way)) assert.match(await words(page), /Passkeys need JavaScript/);
    await page.getByRole('link', { name: 'Choose another way' }).click();
    assert.ok(await page.locator('[data-part=ways]').isVisible(), way);
  }
  await page.locator('[data-part=ways] a[href*="totp"]').click();
  const mine = await addApp(page, strict);

  // Whoever walks away from the codes finds them again: the step cannot be missed.
  const shown = await page.locator('#codes code').allTextContents();
  await page.goto(authorize(strict, app, { state: 'elsewhere' }));
  await signIn(page, ana.email, ana.password);
  await typeCode(page, totp(mine, await strict.advance(30)));
  assert.deepEqual(await page.locator('#codes code').allTextContents(), shown);
  await saveCodes(page);
  await app.arrived(page, 'elsewhere');

  const next = await plain();
  await begin(next.page, strict, ana, 'next');
  await typeCode(next.page, totp(mine, await strict.advance(30)));
  await app.arrived(next.page, 'next');
  await next.context.close();
  await context.close();
});

test('h_47_during_grace_one_may_go_on_and_after_it_not', async () => {
  const { page, context } = await plain();
  await begin(page, gentle, bo, 'grace');
  assert.match(await words(page), /You can skip this until/);
  await picture(page, 'enrol-grace-no-js');
  await page.getByRole('button', { name: 'Not now' }).click();
  await app.arrived(page, 'grace');
  await gentle.advance(8 * 86_400);
  await begin(page, gentle, bo, 'due');
  assert.equal(await page.getByRole('button', { name: 'Not now' }).count(), 0);
  await page.locator('[data-part=ways] a[href*="totp"]').click();
  await addApp(page, gentle);
  await saveCodes(page);
  await app.arrived(page, 'due');
  await context.close();
});

test('h_63_an_application_that_needs_two_factors_has_one_added_by_who_has_none', async () => {
  const { page, context } = await plain();
  await begin(page, free, cleo, 'two', { acr_values: 'urn:identity:acr:2fa' });
  assert.match(await words(page), /Sample app asks for a second step/);
  await page.locator('[data-part=ways] a[href*="totp"]').click();
  await addApp(page, free);
  await saveCodes(page);
  await app.arrived(page, 'two');
  await context.close();
});
