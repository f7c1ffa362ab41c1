// Chromium's own virtual authenticator, in a browser of its own.
import { newPage } from './chromium.mjs';

/** A page with an authenticator, which may be of another kind. `autofill: false` is a browser without conditional mediation. */
export async function openDevice(browser, { autofill = false, authenticator = {}, ...options } = {}) {
  const device = await newPage(browser, options);
  if (!autofill) {
    await device.page.addInitScript(() => {
      if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
    });
  }
  const protocol = await device.context.newCDPSession(device.page);
  await protocol.send('WebAuthn.enable');
  const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true, ...authenticator,
    },
  });
  return {
    ...device,
    send: (method, parameters) => protocol.send(`WebAuthn.${method}`, { authenticatorId, ...parameters }),
    button: device.page.locator('form[data-passkey] button[type=submit]:not([name])'),
    keyButton: device.page.locator('form[data-passkey] button[name=security_key]'),
    status: device.page.locator('form[data-passkey] [data-status]'),
  };
}
