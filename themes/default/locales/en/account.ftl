nav-label = Account
nav-home = Home
nav-security = Security
nav-sessions = Sessions
nav-applications = Apps

account-title = Your account
account-lead = One sign-in for everything you use with { $product }.
email-verified = Confirmed
email-unverified = Not confirmed
confirm-email = You’re about to change your address.
confirm-data = You’re about to download your data.
confirm-deletion = You’re about to delete your account.
my-apps = Your apps
no-apps = No apps yet
no-apps-detail = Apps that you may open will appear here.
changed = Changed
never-changed = Not changed since the account was made
no-password = None – you sign in through your organization
home-second-steps = Passkeys and second steps
home-second-steps-count =
    { $count ->
        [0] None yet: the password alone protects your account
        [one] 1 is set up
       *[other] { $count } are set up
    }
sessions-count =
    { $count ->
        [one] Signed in on 1 device
       *[other] Signed in on { $count } devices
    }
sessions-check = Don’t recognise one? Sign it out and change your password.
see-sessions = See all

security-lead = How you sign in, and where you’re signed in.

sessions-lead = Everywhere your account is signed in.
device-name = { $browser } on { $system }
device-unknown = Unknown device
this-device = This device
last-seen = Last seen
signed-in-at = Signed in
end-other-sessions = Sign out everywhere else
sessions-note = Apps may take up to 5 minutes to notice that a device was signed out.

applications-lead = Apps you’ve allowed to use your account.
allowed-since = Allowed
last-used = Last used
never-used = Not used yet
remove-access = Remove access
applications-note = An app whose access you remove gets it again when you sign in to it; one that needs your consent asks you first. What it has stored already stays with it.
no-connected-apps = No connected apps
no-connected-apps-detail = When you allow an app to use your account, it will appear here.

# Developer’s mail list
dev-mail = Mail caught in development
dev-mail-lead = Nothing leaves this machine. Newest first; reload to see more.
dev-mail-empty = No mail yet
dev-mail-empty-detail = Sign up or reset a password, then come back.
mail-to = To
mail-text = Text
mail-open = Open by itself
