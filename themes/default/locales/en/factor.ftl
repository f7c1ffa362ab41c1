# Second step of a sign-in
mfa-title = Check it’s you
mfa-to-change = You’re about to change how you sign in.
mfa-code = 6-digit code
mfa-verify = Verify
mfa-totp-hint = Open your authenticator app, entry “{ $app }”, and type the code.
mfa-totp-hint-any = Open your authenticator app and type the code.
mfa-email-hint = We’ve sent a code to { $receiver }. It works for 10 minutes.
mfa-sms-hint = We’ve sent a code to { $receiver }. It works for 10 minutes.
mfa-email-lead = We mail you a code whenever a second step is needed.
mfa-email-offer = We’ll send a code to { $receiver }.
mfa-sms-offer = We’ll send a code by text message to { $receiver }.
mfa-send = Send code
mfa-webauthn-hint = Use your device’s screen lock, or touch your security key.
mfa-webauthn-script = Passkeys need JavaScript. Switch it on, or choose another way below.
mfa-webauthn-button = Use passkey
mfa-backup-code = Backup code
mfa-backup-code-hint = One of the codes you saved, like k3mz‑9x2p‑7wqa‑t5rh. Each works once.
mfa-trust =
    { $days ->
        [one] Don’t ask again on this device for 1 day
       *[other] Don’t ask again on this device for { $days } days
    }
mfa-other-ways = Other ways
mfa-another-way = Choose another way
mfa-choose-title = How do you want to check it’s you?
mfa-recommended = Recommended
mfa-back = Back
mfa-way-webauthn = Passkey or security key
mfa-way-totp = Authenticator app
mfa-way-email = Code by mail
mfa-way-sms = Code by text message
mfa-way-backup_code = Backup code
mfa-why-webauthn = Fastest, and can’t be phished
mfa-why-totp = A code from an app, also without network
mfa-why-email = As safe as your mailbox
mfa-why-sms = Weaker: messages can be intercepted
mfa-why-backup_code = One of the codes you saved
mfa-codes-left =
    { $count ->
        [one] 1 of 10 left
       *[other] { $count } of 10 left
    }

# Everything lost
mfa-lost-link = I can’t use any of these
mfa-lost-link-only = I can’t use this
mfa-lost-title = Can’t get past the second step?
mfa-lost-lead = There is always a way back. It takes longer the less you have at hand:
mfa-lost-codes = Use a backup code
mfa-lost-codes-detail = You got 10 of them when you added the second step. Look in your password manager, downloads or papers.
mfa-lost-wait =
    { $hours ->
        [one] Remove the second step after 1 hour
       *[other] Remove the second step after { $hours } hours
    }
mfa-lost-wait-detail = You confirm it by mail. We wait and tell you, so that nobody else can do this behind your back.
mfa-lost-admin = Ask your administrator
mfa-lost-admin-detail = They can check who you are and remove the second step.
mfa-lost-button = Start the removal by mail
mfa-lost-sent = We’ve sent a mail to { $address }. Open the link in it to start the wait.
mfa-lost-next =
    { $hours ->
        [one] 1 hour after that, your second steps are removed and you sign in with your password.
       *[other] { $hours } hours after that, your second steps are removed and you sign in with your password.
    }
mfa-lost-waiting = Your second steps will be removed on { $at }. Then sign in with your password and add a new one.
mfa-lost-cancel = Found your phone? Signing in with it stops this.
mfa-on-hold-title = Your second steps are on hold.
mfa-on-hold = Somebody said “This wasn’t me” about them. If they’re yours, use one now and all of them stay. If not, come back after { $at }: they’ll be gone then, and your password is enough.
mfa-recovery-title = Remove your second steps
mfa-recovery-lead =
    { $hours ->
        [one] In 1 hour, all second steps of { $address } will be removed and you’ll be signed out everywhere.
       *[other] In { $hours } hours, all second steps of { $address } will be removed and you’ll be signed out everywhere.
    }
mfa-recovery-button = Start the wait
mfa-recovery-started-title = The wait has started
mfa-recovery-cancel-title = Keep your second steps
mfa-recovery-cancel-lead = You’re about to stop the removal of the second steps of { $address }.
mfa-recovery-cancel-button = Keep them
mfa-recovery-cancelled-title = Nothing will be removed
mfa-recovery-cancelled = If it wasn’t you who asked, somebody may know your password. Change it now.

# Setting one up
mfa-enrol-title = Add a second step
mfa-enrol-required = { $organization } asks everyone to add a second step.
mfa-enrol-app = { $app } asks for a second step. You add it once.
mfa-enrol-until = You can skip this until { $date }.
mfa-enrol-nothing = There is nothing you can set up here. Ask your administrator for help.
mfa-skip = Not now
mfa-totp-title = Set up an authenticator app
mfa-totp-lead = Any app works, and most password managers too.
mfa-scan = Scan with the app
mfa-qr-alt = QR code with the key for { $account }. The same key can be typed, see “Can’t scan?”.
mfa-open-here = Open on this device
mfa-no-scan = Can’t scan?
mfa-key-lead = Type this key into the app:
mfa-key-issuer = Name
mfa-key-account = Account
mfa-key-kind = Kind of code
mfa-key-kind-totp = Time-based, 6 digits
mfa-name = Name it
mfa-name-hint = So that you recognise it later.
mfa-type-code = Type the code
mfa-type-code-hint = The 6 digits the app shows now.
mfa-totp-button = Add app

# Backup codes
mfa-codes-title = Save your backup codes
mfa-codes-after = Your second step is set up. If you ever lose it, one of these codes lets you in.
mfa-codes-new = If you ever lose your second step, one of these codes lets you in.
mfa-codes-once = Each code works once. We won’t show them again.
mfa-codes-download = Download
mfa-codes-print = Print
mfa-codes-saved = I have saved them
mfa-done = Done
mfa-file-title = Backup codes for { $product }
mfa-file-account = Account: { $account }
mfa-file-made = Made: { $date }
mfa-file-once = Each code works once.
mfa-file-name = backup-codes

# Notices
alert-clock-skewed =
    { $minutes ->
        [one] Your phone’s clock is about 1 minute off. Set it to automatic time, then type the new code.
       *[other] Your phone’s clock is about { $minutes } minutes off. Set it to automatic time, then type the new code.
    }
    .title = That code was for another time.
alert-wrong-backup-code = Check for typing mistakes, or use another one: each works once.
    .title = That backup code didn’t work.
alert-wrong-sent-code = Type the newest one, or have another sent. A code works for 10 minutes and on this page only.
    .title = That code didn’t work.
alert-too-many-codes =
    { $minutes ->
        [one] Wait 1 minute. Another way has to wait too.
       *[other] Wait { $minutes } minutes. Another way has to wait too.
    }
    .title = Too many wrong codes.
alert-too-many-sent =
    { $minutes ->
        [one] Wait 1 minute for another. The newest one still works, and so does any other way.
       *[other] Wait { $minutes } minutes for another. The newest one still works, and so does any other way.
    }
    .title = Too many codes were sent.
alert-way-not-available = Choose another one.
    .title = This way can’t be used now.
alert-too-many-factors = Remove one you don’t use any more.
    .title = You have as many apps as an account can have.
error-enter-app-code = Enter the 6 digits
error-enter-backup-code = Enter one of your backup codes
error-tick-saved = Save the codes first, then tick the box

# Mails
mail-backup-code-used-subject = { $product }: a backup code was used
mail-backup-code-used-title = A backup code was used
mail-backup-code-used-text = Somebody signed in to your account at { $product } with one of your backup codes.
mail-backup-code-used-left =
    { $count ->
        [0] No codes are left.
        [one] 1 code is left.
       *[other] { $count } codes are left.
    }
mail-backup-code-used-few = Make new ones before you run out.
mail-backup-code-used-button = Open security settings
mail-factor-recovery-subject = { $product }: remove your second steps?
mail-factor-recovery-title = Remove your second steps?
mail-factor-recovery-text = Somebody who knows the password of your account at { $product } can’t get past the second step and asks to have it removed. If this was you, open this link:
mail-factor-recovery-button = Continue
mail-factor-recovery-not-you = If it wasn’t you, don’t open the link and change your password: somebody knows it.
mail-factor-recovery-waiting-subject = { $product }: your second steps will be removed
mail-factor-recovery-waiting-title = Your second steps will be removed
mail-factor-recovery-waiting-text = All second steps of your account at { $product } will be removed on { $at }. You’ll be signed out everywhere and sign in with your password.
mail-factor-recovery-waiting-not-you = If you didn’t ask for this, or found your phone, stop it:
mail-factor-recovery-waiting-button = Keep my second steps
mail-factor-recovery-cancelled-subject = { $product }: your second steps stay
mail-factor-recovery-cancelled-title = Your second steps stay
mail-factor-recovery-cancelled-text = The removal of the second steps of your account at { $product } was stopped. If it wasn’t you who asked for it or who stopped it, change your password.
mail-factors-on-hold-subject = { $product }: your second steps are on hold
mail-factors-on-hold-title = Your second steps are on hold
mail-factors-on-hold-text = Somebody answered “This wasn’t me” to one of our mails, without more proof than this mailbox, about your account at { $product }. Every device was signed out, and the second steps that were set up open nothing by themselves.
mail-factors-on-hold-keep = If they’re yours, choose a new password, sign in and use one of them: then they stay.
mail-factors-on-hold-wait = If they’re not yours, choose a new password and sign in with it after { $at }: they’ll be removed then.
mail-factors-removed-subject = { $product }: your second steps were removed
mail-factors-removed-title = Your second steps were removed
mail-factors-removed-text = The waiting time is over: all second steps of your account at { $product } were removed, and you were signed out everywhere. Sign in with your password and add a new one.
