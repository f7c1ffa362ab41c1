// The sign-in page as a browser shows it: without scripts, by keyboard, on a phone, light and dark, and how heavy it is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { assertQuiet, launch, newPage, picture, signIn, submit } from './chromium.mjs';
import { startIdentity } from './identity.mjs';
import { ana, authorize as addressOf, client, setting } from './setting.mjs';

let app, identity, browser;

before(async () => {
  app = await startApp();
  identity = await startIdentity({ seed: setting(client(app.callback, { require_consent: true })) });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await identity?.stop();
  await app?.stop();
});

const authorize = (more) => addressOf(identity, app, more);

test('h_73_sign_in_consent_and_logout_work_without_javascript', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(authorize());
  await signIn(page, ana.email, ana.password);
  await picture(page, 'consent-no-js');
  await page.locator('button[name=decision][value=allow]').click();
  assert.ok((await app.visit('/callback')).searchParams.get('code'));

  await page.goto(new URL('/oauth2/logout', identity.public_url).href);
  await page.locator('form[method=post] button[type=submit]').first().click();
  await page.goto(authorize());
  assert.ok(await page.locator('input[name=identifier]').isVisible(), 'signed out');
  await context.close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`h_29_a_typed_address_goes_along_and_enter_still_signs_in_${javaScriptEnabled ? 'with' : 'without'}_javascript`, async () => {
    const { page, complaints, context } = await newPage(browser, { javaScriptEnabled });
    for (const [go, field] of [['recover', 'identifier'], ['register', 'email']]) {
      await page.goto(authorize());
      await page.locator('input[name=identifier]').fill('somebody@example.test');
      await page.locator(`input[type=submit][name=${go}]`).click();
      const carried = page.locator(`input[name=${field}]`);
      await carried.waitFor();
      assert.equal(await carried.inputValue(), 'somebody@example.test');
      assert.ok(!page.url().includes('somebody'), page.url());
    }
    await page.goto(authorize({ prompt: 'consent' }));
    await page.locator('input[name=identifier]').fill(ana.email);
    await page.locator('input[name=password]').fill(ana.password);
    await page.locator('input[name=password]').press('Enter');
    await page.locator('button[name=decision][value=allow]').waitFor();
    assertQuiet(complaints);
    await context.close();
  });
}

test('h_73_recovery_works_without_javascript', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(new URL('/recover', identity.public_url).href);
  await page.locator('input[name=identifier]').fill(ana.email);
  await submit(page, page.locator('input[name=identifier]'));
  await picture(page, 'recover-sent-no-js');
  assert.match(await page.locator('body').innerText(), /ana@acme\.test/);
  await context.close();
});

test('h_74_a_keyboard_is_enough_to_sign_in', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(authorize({ prompt: 'consent' }));
  await page.locator('input[name=identifier]').focus();
  await page.keyboard.type(ana.email);
  if (await page.locator('input[name=password]').isVisible()) {
    for (let i = 0; i < 4 && (await page.evaluate(() => document.activeElement.name)) !== 'password'; i++) await page.keyboard.press('Tab');
  } else {
    await page.keyboard.press('Enter');
    await page.locator('input[name=password]').waitFor({ state: 'visible' });
    await page.locator('input[name=password]').focus();
  }
  await page.keyboard.type(ana.password);
  await page.keyboard.press('Enter');
  await page.locator('button[name=decision][value=allow]').waitFor();
  assertQuiet(complaints);
  await context.close();
});

test('h_82_v_08_the_first_page_is_light_and_asks_nobody_else', async () => {
  const { page, complaints, context, requests } = await newPage(browser);
  const protocol = await context.newCDPSession(page);
  await protocol.send('Network.enable');
  let total = 0;
  protocol.on('Network.loadingFinished', ({ encodedDataLength }) => (total += encodedDataLength));
  await page.goto(authorize(), { waitUntil: 'networkidle' });
  let scripts = 0;
  for (const request of requests) {
    assert.equal(new URL(request.url()).origin, new URL(identity.public_url).origin, `third party: ${request.url()}`);
    if (request.resourceType() === 'script') scripts += (await request.sizes()).responseBodySize;
  }
  assert.ok(total > 0 && total <= 60_000, `first load is ${total} bytes`);
  assert.ok(scripts <= 15_000, `scripts are ${scripts} bytes`);
  assertQuiet(complaints);
  await context.close();
});

test('v_05_nothing_scrolls_sideways_at_320_pixels', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await newPage(browser, { viewport: { width: 320, height: 640 }, colorScheme });
    for (const [name, path] of [['sign-in', authorize()], ['register', '/register'], ['recover', '/recover'], ['not-found', '/no-such-page']]) {
      await page.goto(new URL(path, identity.public_url).href);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
      await picture(page, `${name}-320-${colorScheme}`);
    }
    await context.close();
  }
});

test('h_12_a_wrong_password_keeps_the_address_and_moves_the_focus_to_the_message', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(authorize());
  await signIn(page, ana.email, 'not the password at all');
  const alert = page.locator('[role=alert]').first();
  await alert.waitFor();
  assert.match(await page.title(), /^Error:/);
  assert.equal(await page.locator('input[name=password]').inputValue(), '');
  assert.match(await page.content(), /ana@acme\.test/);
  await picture(page, 'wrong-password');
  assertQuiet(complaints);
  await context.close();
});

test('x_02_two_tabs_back_and_reload_all_lead_forward', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(authorize({ state: 'one', prompt: 'consent' }));
  const second = await context.newPage();
  await second.goto(authorize({ state: 'two', prompt: 'consent' }));
  await second.reload();
  await signIn(second, ana.email, ana.password);
  await second.locator('button[name=decision][value=allow]').click();
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'two');

  // The first tab still stands on its sign-in page; somebody is signed in by now.
  await signIn(page, ana.email, ana.password);
  await page.locator('button[name=decision][value=allow]').click();
  await app.arrived(page, 'one');
  await page.goBack();
  assert.ok((await page.locator('body').innerText()).length > 0, 'Back shows a page');
  await context.close();
});

test('x_05_on_loopback_http_cookies_work_without_secure_and_say_nothing_to_scripts', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(authorize({ prompt: 'consent' }));
  await signIn(page, ana.email, ana.password);
  await page.locator('button[name=decision][value=allow]').waitFor();
  const cookies = (await context.cookies()).filter(({ name }) => name.startsWith('identity_'));
  assert.deepEqual(cookies.map(({ name }) => name).sort(), ['identity_browser', 'identity_session']);
  for (const { name, secure, httpOnly, sameSite, path } of cookies) {
    assert.deepEqual({ secure, httpOnly, sameSite, path }, { secure: false, httpOnly: true, sameSite: 'Lax', path: '/' }, name);
  }
  assertQuiet(complaints);
  await context.close();
});

test('h_02_an_address_alone_leads_to_the_password_page_and_its_errors_stay_there', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(authorize());
  const identifier = page.locator('input[name=identifier]');
  await submit(page, identifier);
  assert.match(await page.locator('#identifier-error').innerText(), /email/i, 'nothing typed');
  await identifier.fill('nobody@acme.test');
  await submit(page, identifier);
  const password = page.locator('input[name=password]');
  await submit(page, password);
  assert.match(await page.locator('#password-error').innerText(), /password/i);
  await password.fill('not the password at all');
  await submit(page, password);
  assert.equal(await page.locator('[role=alert]').evaluate((alert) => alert === document.activeElement), true);
  assert.match(await page.locator('[data-part=who]').innerText(), /nobody@acme\.test/);
  await page.locator('[data-part=who] a').click();
  assert.ok(await identifier.isVisible(), 'Not you? asks for the address again');
  assertQuiet(complaints);
  await context.close();
});

test('h_78_language_and_colours_are_chosen_in_the_footer_and_stay', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(authorize());
  await page.locator('[data-part=language] summary').click();
  await page.locator('[data-part=language] a[lang=ar]').click();
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
  await page.locator('[data-part=colors] summary').click();
  await page.locator('[data-part=colors] a[href*="theme=dark"]').click();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  assert.equal(await page.locator('html').getAttribute('lang'), 'ar');
  assert.ok(await page.locator('input[name=identifier]').isVisible(), 'still at the sign-in');
  await picture(page, 'sign-in-ar-dark');
  await context.close();
});

test('x_04_another_host_is_told_in_words_and_in_style_where_to_go', async () => {
  const { page, complaints, context } = await newPage(browser);
  const wrong = new URL('/account', identity.public_url);
  wrong.hostname = '127.0.0.1';
  await page.goto(wrong.href);
  assert.match(await page.locator('main').innerText(), /127\.0\.0\.1/);
  assert.equal(await page.locator('main').evaluate((card) => getComputedStyle(card).display), 'grid', 'styled');
  await page.locator('main a').first().click();
  assert.equal(new URL(page.url()).origin, new URL(identity.public_url).origin);
  assertQuiet(complaints);
  await context.close();
});
