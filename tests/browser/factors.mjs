// What a person has in their pocket: an authenticator app, and the habits around second steps.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { submit } from './chromium.mjs';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 6238 with what every app does: SHA-1, 6 digits, 30 seconds. `at` in seconds. */
export function totp(key, at) {
  const bits = [...key.toUpperCase().replace(/[^A-Z2-7]/g, '')].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30)));
  const hash = createHmac('sha1', secret).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Types a code into the page that asks for one. */
export async function typeCode(page, code) {
  const field = page.locator('input[name=code]');
  await field.fill(code);
  await submit(page, field);
}

/** Types the key of the page that sets an app up into an app; the key. */
export const keyOf = async (page) => (await page.locator('#totp-key').textContent()).trim();

/** From the page that sets an app up to the one with the backup codes; the app's key. */
export async function addApp(page, provider) {
  const key = await keyOf(page);
  await typeCode(page, totp(key, await provider.advance(30)));
  return key;
}

/** Reads the backup codes that are shown, says that they are saved, and goes on. */
export async function saveCodes(page) {
  const codes = await page.locator('#codes code').allTextContents();
  assert.equal(codes.length, 10);
  const saved = page.locator('input[name=saved]');
  await saved.check();
  await submit(page, saved);
  return codes.map((code) => code.trim());
}

/** A wrong one of the same form. */
export const wrong = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
