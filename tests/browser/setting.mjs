// Declarative objects for the tests, with passwords that the tests know.
export const ana = { email: 'ana@acme.test', name: 'Ana Petrova', password: 'violet-harbour-drums-27' };
export const bo = { email: 'bo@acme.test', name: 'Bo Berg', password: 'copper-window-sails-31' };
export const SECRET = 'app-secret-7Qm2vX9pLk4sTz8w';

export function setting(...clients) {
  return {
    version: 1,
    organizations: [{ slug: 'acme', name: 'Acme', domains: ['acme.test'] }],
    users: [member(ana)],
    clients,
  };
}

export const member = (person) => ({ ...person, email_verified: true, memberships: [{ organization: 'acme', roles: ['admin'] }] });

/** Where the app sends a browser to sign in. The challenge is RFC 7636 appendix B's. */
export function authorize(identity, app, more = {}) {
  const url = new URL('/oauth2/authorize', identity.public_url);
  url.search = new URLSearchParams({
    client_id: 'app', response_type: 'code', redirect_uri: app.callback, scope: 'openid email', state: 's', nonce: 'n',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', ...more,
  });
  return url.href;
}

export const client = (callback, more = {}) => ({
  client_id: 'app',
  client_name: 'Sample app',
  client_secret: SECRET,
  redirect_uris: [callback],
  post_logout_redirect_uris: [new URL('/bye', callback).href],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'openid profile email offline_access',
  require_consent: false,
  ...more,
});
