nav-profile = Profile
nav-activity = Activity
nav-data = Your data
nav-notifications = Notifications

alert-saved = What you changed counts from now on.
    .title = Saved.
alert-email-changed = The old address was told, and can take it back for 7 days.
    .title = Your address was changed.
alert-email-undone = Everybody is signed out. Choose a new password now: somebody else may know the old one.
    .title = The change of address was taken back.
alert-changed-elsewhere = Somebody, perhaps you in another tab, changed the same thing. Look at it again.
    .title = Not saved.
alert-confirm-first = Tick the box to go on.
    .title = One thing is missing.
alert-last-administrator = You’re the only administrator of an organization. Make somebody else one first.
    .title = Your account can’t be deleted yet.
alert-managed-by-file = Your administrator looks after these details. Ask them to change it.
    .title = This can’t be changed here.

profile-lead = What apps may learn about you when you allow it.
profile-managed = Your administrator looks after your details. Ask them when something is wrong.
given-name = Given name
family-name = Family name
profile-language = Language of pages and mails
language-browser = As my browser asks
time-zone = Time zone
time-zone-hint = For apps that ask for it. Type your city and choose from the list; our own pages and mails say UTC.
save = Save
change-email = Change address
change-email-lead = We’ll send a code to the new address. It counts once you’ve confirmed it.
current-email = Your address now:
new-email = New address
new-email-hint = The old address is told about the change.
new-email-sent = We sent a code and a link to { $address }. Type the code here, or follow the link.
link-new-email = Use this address
link-new-email-lead = { $address } becomes the address you sign in with.
link-new-email-button = Use this address
link-undo-email = Keep my old address
link-undo-email-lead = The address of your account was changed. Press the button to go back to { $address }; everybody is signed out then.
link-undo-email-button = Take the change back
link-cancel-deletion = Keep my account
link-cancel-deletion-lead = The account { $address } is to be deleted. Press the button to keep it.
link-cancel-deletion-button = Keep my account

activity-lead = What happened in your account in the last 90 days.
activity-all = Everything
activity-kind-sign-ins = Sign-ins
activity-kind-refused = What was refused
activity-kind-changes = Changes
filter = Filter
activity-days =
    { $days ->
        [one] Last day
       *[other] Last { $days } days
    }
activity-empty = Nothing here
activity-empty-detail = Nothing of this kind happened in this time.
activity-older = Older entries
activity-download = Download as CSV
activity-not-me = This wasn’t me
entry-report-title = Was this somebody else?
entry-report-lead = If it wasn’t you, we help you to secure your account, step by step. You’ll choose a new password on the way.
activity-note = Apps that refresh their access in the background are not listed.
activity-signed-in = Signed in
activity-sign-in-refused = Sign-in refused
activity-signed-out = Signed out
activity-session-ended = A device was signed out
activity-sessions-ended = All devices were signed out
activity-reported = You said “This wasn’t me”
activity-registered = Account made
activity-changed-by-operator = An administrator changed your account
activity-email-verified = Address confirmed
activity-created = Your account was created
activity-mail-recovery = A mail to reset your password was asked for
activity-mail-verify = A mail to confirm your address was asked for
activity-mail-known = Somebody signed up with your address, and you were told by mail
activity-mail-change = A mail to confirm a new address was asked for
activity-mail-factors = A mail to remove all second steps was asked for
activity-mail-keep = A mail to keep your account was asked for
activity-mail-requested = A mail was asked for
activity-code-refused = A mailed code or link was refused
activity-password-changed = Password changed
activity-password-refused = Change of password refused
activity-profile-changed = Profile changed
activity-email-changed = Address changed
activity-email-undone = Change of address taken back
activity-notifications-changed = Notifications changed
activity-secured = You secured your account
activity-exported = Your data was downloaded
activity-deletion-requested = Deletion of the account asked for
activity-deletion-cancelled = Deletion of the account cancelled
activity-factor-added = A way to prove yourself was added
activity-factor-changed = A way to prove yourself was changed or removed
activity-passkey-added = Passkey added
activity-passkey-removed = Passkey removed
activity-passkey-suspected = A passkey was stopped: there may be a copy of it
activity-app-added = Authenticator app added
activity-app-removed = Authenticator app removed
activity-sms-added = Codes by text message turned on
activity-sms-removed = Codes by text message turned off
activity-mail-codes-added = Codes by mail turned on
activity-mail-codes-removed = Codes by mail turned off
activity-codes-made = New backup codes saved
activity-code-used = A backup code was used
activity-factor-renamed = A passkey or app got another name
activity-recovery-begun = Removal of all second steps started
activity-recovery-cancelled = Removal of all second steps stopped
activity-factors-held = Second steps put on hold
activity-recovered = All second steps removed after the wait
activity-factor-used = Second step proven
activity-factor-refused = Second step refused
activity-code-sent = A code was sent to you
activity-device-new = Signed in from a new device
activity-device-changed = A device was changed
activity-consent-granted = You allowed { $app }
activity-consent-withdrawn = { $app } lost its access
activity-admin-link = A one-time sign-in link was made by an administrator
activity-membership-changed = Your place in an organization was changed
activity-other = Something else

data-lead = Everything we hold about you is yours.
data-download = Download your data
data-download-text = One file (JSON) with your profile, sign-in methods, sessions, devices, apps and activity. No passwords or keys are in it.
data-download-button = Download
data-delete = Delete your account
data-delete-text =
    { $days ->
        [one] You’re signed out at once. For 1 day you can still change your mind.
       *[other] You’re signed out at once. For { $days } days you can still change your mind.
    }
data-delete-managed = Your administrator looks after this account. Ask them to delete it.
data-delete-button = Delete account
delete-lead = Read this first. Some of it can’t be taken back.
delete-who = You’re about to delete { $address }.
delete-now = You’re signed out everywhere now, and nobody can sign in to this account.
delete-until =
    { $days ->
        [one] For 1 day, until { $date }, the link we mail you brings it back.
       *[other] For { $days } days, until { $date }, the link we mail you brings it back.
    }
delete-then = Then your profile, sign-in methods, sessions and devices are erased for good. The security log keeps a number in place of your name.
delete-apps = What apps have stored about you stays with them. Ask each of them.
delete-confirm = I understand that my account will be gone
deletion-requested = Your account will be deleted
deletion-requested-lead = You’re signed out everywhere. It will be erased on { $date }.
deletion-again-lead = You asked for this. Until { $date } you can still keep it; then it is erased for good.
deletion-requested-note = Changed your mind? We’ve sent you a mail with a link that keeps the account.
deletion-cancelled = Your account stays
deletion-cancelled-lead = Nothing was deleted. Sign in as always.

notifications-lead = Which mails we send you.
notifications-security = Mails about your security
notifications-security-text = They always come and can’t be switched off: they’re how you notice somebody else in your account.
notifications-security-signin = Sign-ins from a new device or country
notifications-security-changes = Changes of your password, address and second steps
notifications-security-failures = Many failed sign-ins, at most once an hour
notifications-optional = Other mails
notifications-app-connected = When an app gets access to my account for the first time
notifications-to = Mails go to { $address }.

mail-confirm-new-email-subject = { $product }: confirm your new address
mail-confirm-new-email-title = Confirm your new address
mail-confirm-new-email-text = Somebody, hopefully you, wants to use this address for their account at { $product }. Confirm that it’s yours:
mail-confirm-new-email-button = Confirm address
mail-email-changed-subject = { $product }: your address was changed
mail-email-changed-title = Your address was changed
mail-email-changed-text = Your account at { $product } now uses { $address }. You can no longer sign in with { $old }.
mail-email-changed-not-you = If this wasn’t you, take the change back. Everybody is signed out then:
mail-email-changed-button = Take the change back
mail-email-changed-valid = The link works once, for 7 days.
mail-deletion-requested-subject = { $product }: your account will be deleted
mail-deletion-requested-title = Your account will be deleted
mail-deletion-requested-text = You asked for the deletion of your account at { $product }. You’re signed out everywhere, and on { $date } it will be erased for good.
mail-deletion-requested-cancel = If you changed your mind, or this wasn’t you, keep it:
mail-deletion-requested-button = Keep my account
mail-app-connected-subject = { $product }: { $app } was connected
mail-app-connected-title = { $app } was connected to your account
mail-app-connected-text = { $app } may use your account at { $product } from now on.
mail-app-connected-not-you = If you don’t want this, take its access back:
mail-app-connected-button = See your apps
mail-app-connected-off = You can switch this mail off under “Notifications”.
