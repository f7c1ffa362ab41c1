// A fresh proof is asked for where one is needed, only the missing part of it, and the way goes on from there. Without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { launch, newPage, picture, signIn, submit, words } from './chromium.mjs';
import { totp, typeCode } from './factors.mjs';
import { startProvider } from './identity.mjs';
import { ana, authorize, bo, client, member, setting } from './setting.mjs';

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const TWO = 'urn:identity:acr:2fa';

let app, provider, browser;

before(async () => {
  app = await startApp();
  const seed = setting(client(app.callback));
  seed.users[0].totp_secret = KEY;
  seed.users.push(member(bo));
  provider = await startProvider({ seed });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await provider?.stop();
  await app?.stop();
});

const plain = () => newPage(browser, { javaScriptEnabled: false });
const at = (path) => new URL(path, provider.public_url).href;
const ask = (page, state, more) => page.goto(authorize(provider, app, { state, ...more }));
const code = async () => totp(KEY, await provider.advance(30));

test('h_63_acr_values_ask_for_the_missing_factor_only', async () => {
  const { page, context } = await plain();
  await ask(page, 'first');
  await signIn(page, ana.email, ana.password);
  await page.locator('input[name=trust_device]').check();
  await typeCode(page, await code());
  await app.arrived(page, 'first');
  // On this trusted device the next session has one factor.
  await page.goto(at('/oauth2/logout'));
  await page.locator('form[method=post] button[type=submit]').first().click();
  await ask(page, 'trusted');
  await signIn(page, ana.email, ana.password);
  await app.arrived(page, 'trusted');

  await ask(page, 'two', { acr_values: TWO });
  assert.equal(await page.locator('input[name=password]').count(), 0, 'the password was proven');
  assert.match(await words(page), /ana@acme\.test/);
  assert.match(await words(page), /Sample app/);
  await picture(page, 'step-up-no-js');
  await typeCode(page, await code());
  await app.arrived(page, 'two');
  await ask(page, 'still', { acr_values: TWO });
  await app.arrived(page, 'still');
  await context.close();
});

test('h_63_max_age_asks_again_once_it_is_over', async () => {
  const { page, context } = await plain();
  await ask(page, 'old');
  await signIn(page, bo.email, bo.password);
  await app.arrived(page, 'old');
  await provider.advance(600);
  await ask(page, 'young enough', { max_age: '3600' });
  await app.arrived(page, 'young enough');
  await ask(page, 'too old', { max_age: '60' });
  assert.match(await words(page), /confirm it’s you/);
  assert.match(await words(page), /Sample app/);
  assert.equal(await page.locator('input[name=identifier]').inputValue(), bo.email, 'nobody types who they are again');
  const password = page.locator('input[name=password]');
  await picture(page, 'max-age-no-js');
  await password.fill('not the password at all');
  await submit(page, password);
  assert.ok(await page.locator('[role=alert]').isVisible());
  await password.fill(bo.password);
  await submit(page, password);
  await app.arrived(page, 'too old');
  await context.close();
});

test('h_45_h_63_a_change_of_how_one_signs_in_needs_a_fresh_proof_and_goes_on_where_it_was_asked_for', async () => {
  const { page, context } = await plain();
  await page.goto(at('/account/security'));
  await signIn(page, ana.email, ana.password);
  await typeCode(page, await code());
  await page.locator('a[href="/account/security/apps/add"]').click();
  assert.equal(new URL(page.url()).pathname, '/account/security/apps/add', 'just signed in');

  await provider.advance(16 * 60);
  await page.goto(at('/account/security'));
  await page.locator('a[href="/account/security/apps/add"]').click();
  assert.match(await words(page), /about to change how you sign in/);
  assert.match(await words(page), /ana@acme\.test/);
  assert.equal(await page.locator('input[name=identifier]').inputValue(), ana.email, 'nobody types who they are again');
  await picture(page, 'elevate-no-js');
  await page.locator('input[name=password]').fill(ana.password);
  await submit(page, page.locator('input[name=password]'));
  assert.match(await words(page), /about to change how you sign in/);
  await typeCode(page, await code());
  assert.equal(new URL(page.url()).pathname, '/account/security/apps/add', 'back at the place');
  assert.equal(await page.locator('#totp-key').count(), 1);
  await context.close();
});

test('h_45_who_has_a_password_only_proves_that', async () => {
  const { page, context } = await plain();
  await page.goto(at('/account/security'));
  await signIn(page, bo.email, bo.password);
  await provider.advance(16 * 60);
  await page.goto(at('/account/security'));
  await page.locator('a[href="/account/security/phone"]').click();
  const password = page.locator('input[name=password]');
  await password.fill(bo.password);
  await submit(page, password);
  assert.equal(new URL(page.url()).pathname, '/account/security/phone');
  await context.close();
});
