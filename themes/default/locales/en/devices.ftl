# Devices, sessions, and what helps when it was somebody else.
nav-devices = Devices
place-unknown = Unknown place
place-city = { $city }, { $country }
list-comma = ,
used-apps = Used with
secure-hint = Something here isn’t yours?

# Before an unused session ends
idle-title = Are you still there?
idle-text = You haven’t used this page for a while. To keep your account safe, we’ll sign you out in about a minute.
idle-stay = Stay signed in

# Devices
devices-lead = Browsers you’ve signed in with. We mail you about a sign-in from any other.
devices-none = No devices yet
devices-none-detail = The browsers you sign in with will appear here.
device-first-seen = First seen
device-trusted = Trusted
device-trusted-until = No second step until
device-disowned = Not yours
device-sessions =
    { $count ->
        [0] Not signed in now
        [one] Signed in now
       *[other] Signed in now, { $count } times
    }
device-name-label = Name of this device
device-rename = Rename
device-untrust = Ask for the second step again
device-untrust-detail = We don’t ask for your second step on this device at present.
device-forget = Forget this device
device-forget-detail = Signs it out. The next sign-in there counts as one from a new device.
device-disown = This wasn’t me
device-disown-detail = Signs it out for good, tells your organization’s administrators, and helps you to secure your account.

# Secure my account
secure-title = Secure my account
secure-lead = If you think that somebody else was here, work through this list from top to bottom.
secure-lead-reported = Somebody else may have used your account. Work through this list from top to bottom.
secure-about = You said that this wasn’t you:
secure-removal = Somebody said that they are lost. On { $at } they’ll be removed. If you still have one of them, use it now, and they all stay.
secure-keep = Keep my second steps
alert-factors-kept = Nothing will be removed.
    .title = Your second steps stay.
secure-removed = These second steps were set up while somebody else may have been in your account. We’ve removed them:
secure-progress = { $done } of { $all } done
secure-done = Done
secure-look = Have a look
secure-looks-right = Looks right
secure-finish = Finish
secure-later = Do the rest later
secure-told = The administrators of your organization, if you belong to one, are told what you report, here or from a mail.
secure-sign-out = Sign out everywhere else
secure-sign-out-detail =
    { $count ->
        [one] Your account is signed in on 1 other device.
       *[other] Your account is signed in on { $count } other devices.
    }
secure-sign-out-done = Only this device is signed in.
secure-password = Choose a new password
secure-password-detail = One that you use nowhere else. Old ones stop working at once.
secure-password-done = Your password is new.
secure-factors = Check your second steps
secure-factors-detail = Remove every app, key or number that isn’t yours.
secure-factors-done = You’ve checked them.
secure-devices = Check your devices
secure-devices-detail =
    { $count ->
        [one] You’ve signed in with 1 device.
       *[other] You’ve signed in with { $count } devices. Say “This wasn’t me” to those you don’t know.
    }
secure-devices-done = You’ve checked them.
secure-applications = Check your apps
secure-applications-detail =
    { $count ->
        [0] No app may use your account.
        [one] 1 app may use your account.
       *[other] { $count } apps may use your account. Remove those you don’t know.
    }
secure-applications-done = You’ve checked them.

# To administrators
mail-member-reported-subject = { $product }: a member said “This wasn’t me”
mail-member-reported-title = A member said “This wasn’t me”
mail-member-reported-text = { $member }, who belongs to { $organization }, told us that somebody else was in their account at { $product }.
mail-member-reported-done = Whoever it was is signed out, and the member is led through what is to be done. Ask them what happened, and look in the audit log at what was done with the account before.

# “Was this you?”
report-title = Was this you?
report-lead-sign-in = Somebody signed in to the account { $address }:
report-lead-factor = At the account { $address } a way to sign in was added:
report-lead-factor-removed = At the account { $address } a way to sign in was removed:
report-lead-password-changed = The password of the account { $address } was changed:
report-lead-backup-codes-made = New backup codes were made for the account { $address }:
report-lead-backup-code-used = Somebody signed in to the account { $address } with a backup code:
report-me = Yes, it was me
report-not-me = This wasn’t me
report-what-happens = If it wasn’t you, we sign out every device and stop the password from working. We tell the administrators of your organization, if you belong to one. Then you choose a new password.
report-what-happens-factor = If it wasn’t you, we take it away, sign out every device and stop the password from working. We tell the administrators of your organization, if you belong to one. Then you choose a new password.
report-what-happens-held = Here we only know that you have this mailbox. So the second steps that were set up are put on hold for three days and removed after that. Answer in another browser that you have signed in with for a month or more, and they’re removed at once.
reported-held = The second steps that were set up are on hold. If they’re yours, sign in with one of them and they stay. If not, they’ll be removed on { $at }; from then on your new password is enough.
reported-confirmed = Thanks, we’ve noted it
reported-confirmed-lead = There’s nothing else to do.
reported-confirmed-next = Go to your account
reported-stopped = We’ve stopped it
reported-stopped-lead = Every device is signed out, and the old password no longer works. Choose a new one now, then sign in – we’ll help you to check the rest.
reported-stopped-next = Choose a new password
reported-stopped-without-password = We’ve stopped it
reported-stopped-without-password-lead = Every device is signed out. Sign in again – we’ll help you to check the rest.
reported-stopped-without-password-next = Sign in

# Notices
alert-session-idle = You hadn’t used it for a while. Sign in again to go on.
    .title = You’ve been signed out to keep your account safe.
alert-session-expired = A sign-in lasts only so long. Sign in again to go on.
    .title = Your sign-in has run out.
alert-session-ended-elsewhere = If that wasn’t you, change your password after signing in.
    .title = You signed this device out from another one.
alert-session-ended-by-password = Sign in with the new one.
    .title = Your password was changed, so this device was signed out.
alert-session-ended-by-factor = Sign in again to go on.
    .title = Your second steps were changed, so this device was signed out.
alert-session-ended-by-device = Sign in again to go on.
    .title = This device was removed from your account.
alert-session-ended-by-report = If you’re the owner, choose a new password by “Forgot password?”.
    .title = The owner of this account reported something unusual, so every device was signed out.
alert-session-too-many = Sign in again to go on.
    .title = Your account was signed in on too many devices, so the oldest was signed out.
alert-device-renamed = You’ll find it under its new name.
    .title = Saved.
alert-device-untrusted = The next sign-in there asks for your second step.
    .title = The device is no longer trusted.
alert-device-forgotten = It’s signed out. Apps there may take up to 5 minutes to notice.
    .title = The device is forgotten.
alert-device-disowned = It’s signed out, and your organization’s administrators are told. Now go through this list.
    .title = Thanks for telling us.
alert-account-secured = You’ve done what can be done here.
    .title = Your account is secured.
alert-finish-securing = A few steps are left.
    .title = Finish securing your account.

# Mails
fact-tries = Failed tries
fact-from-addresses = Number of addresses
fact-first = First
fact-last = Last
mail-new-sign-in-subject = New sign-in to your { $product } account { $address }
mail-new-sign-in-title = Was this you?
mail-new-sign-in-device = Somebody signed in to your { $product } account { $address } with a device that we don’t know:
mail-new-sign-in-country = Somebody signed in to your { $product } account { $address } from a country that is new for you:
mail-new-sign-in-note = Both links open a page that asks once more; nothing happens before. They work for 7 days.
mail-many-failures-subject = { $product }: many failed sign-ins to your account
mail-many-failures-title = Many failed sign-ins
mail-many-failures-text =
    { $count ->
        [one] Within the last hour somebody tried once to sign in to your { $product } account { $address }, without success.
       *[other] Within the last hour somebody tried { $count } times to sign in to your { $product } account { $address }, without success.
    }
mail-many-failures-advice = If that was you, there’s nothing to do. If not: we slow such tries down, and you can still sign in with your own devices. Check that your password is one you use nowhere else.
mail-many-failures-note = We tell you at most once an hour.
alert-factors-on-hold = Sign in with your password, then use your passkey as the second step.
    .title = Passkeys are on hold for this account.
alert-factors-put-off = Their removal was put off by three days. Sign in with your password, then use your passkey as the second step. If somebody else reads your mail, turn to your administrator.
    .title = Passkeys are on hold for this account.
alert-factors-going = Somebody said that they are lost. They stay if you sign in with one of them, or say here that you still have them:
    .title = All your second steps are about to be removed.
secure-go-on = Secure your account
