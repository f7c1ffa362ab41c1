// A real client that nobody here wrote completes the code flow against us, through a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as openid from 'openid-client';
import { startApp } from './app.mjs';
import { assertQuiet, launch, newPage, picture, signIn } from './chromium.mjs';
import { startIdentity } from './identity.mjs';
import { SECRET, ana, client, setting } from './setting.mjs';

let app, identity, browser, config;

before(async () => {
  app = await startApp();
  identity = await startIdentity({ seed: setting(client(app.callback)) });
  browser = await launch();
  config = await openid.discovery(new URL(identity.issuer), 'app', SECRET, openid.ClientSecretBasic(SECRET), { execute: [openid.allowInsecureRequests] });
});

after(async () => {
  await browser?.close();
  await identity?.stop();
  await app?.stop();
});

async function request(more = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: openid.randomState(), expectedNonce: openid.randomNonce() };
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: app.callback,
    scope: 'openid profile email offline_access',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { checks, url };
}

test('the code flow from the request to userinfo, refresh, introspection, revocation and logout', async () => {
  const { page, complaints, context } = await newPage(browser);
  const { checks, url } = await request();
  await page.goto(url.href);
  await picture(page, 'openid-client-sign-in');
  await signIn(page, ana.email, ana.password);
  const tokens = await openid.authorizationCodeGrant(config, await app.visit('/callback'), checks);

  const { sub } = tokens.claims();
  const info = await openid.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(info.email, ana.email);
  assert.equal(info.email_verified, true);
  assert.equal(info.name, ana.name);

  const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
  assert.equal((await openid.tokenIntrospection(config, refreshed.access_token)).active, true);
  await openid.tokenRevocation(config, refreshed.refresh_token);
  await assert.rejects(openid.refreshTokenGrant(config, refreshed.refresh_token), { error: 'invalid_grant' });

  const back = openid.buildEndSessionUrl(config, { post_logout_redirect_uri: new URL('/bye', app.origin).href, id_token_hint: tokens.id_token, state: 's' });
  await page.goto(back.href);
  if (!page.url().startsWith(app.origin)) await page.locator('form button[type=submit]').first().click();
  assert.equal((await app.visit('/bye')).searchParams.get('state'), 's');
  assertQuiet(complaints);
  await context.close();
});

test('somebody who is signed in comes back without a page, and prompt=none says so when nobody is', async () => {
  const { page, complaints, context } = await newPage(browser);
  const none = await request({ prompt: 'none' });
  await page.goto(none.url.href);
  await assert.rejects(openid.authorizationCodeGrant(config, await app.visit('/callback'), none.checks), { error: 'login_required' });

  const first = await request();
  await page.goto(first.url.href);
  await signIn(page, ana.email, ana.password);
  await openid.authorizationCodeGrant(config, await app.visit('/callback'), first.checks);

  const silent = await request({ prompt: 'none' });
  await page.goto(silent.url.href);
  assert.ok((await openid.authorizationCodeGrant(config, await app.visit('/callback'), silent.checks)).id_token);
  assertQuiet(complaints);
  await context.close();
});

test('the answer may come as a form post', async () => {
  const { page, complaints, context } = await newPage(browser);
  const { url } = await request({ response_mode: 'form_post' });
  await page.goto(url.href);
  await signIn(page, ana.email, ana.password);
  await app.visit('/callback');
  assert.equal(await page.locator('#app').textContent(), '/callback');
  assertQuiet(complaints);
  await context.close();
});
