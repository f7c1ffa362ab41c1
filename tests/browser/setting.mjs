// Declarative objects for the tests, with passwords that the tests know.
export const ana = { email: 'ana@acme.test', name: 'Ana Petrova', password: 'violet-harbour-drums-27' };
export const SECRET = 'app-secret-7Qm2vX9pLk4sTz8w';

export function setting(...clients) {
  return {
    version: 1,
    organizations: [{ slug: 'acme', name: 'Acme', domains: ['acme.test'] }],
    users: [{ ...ana, email_verified: true, memberships: [{ organization: 'acme', roles: ['admin'] }] }],
    clients,
  };
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
