factor-webauthn = Passkey
factor-totp = Authenticator app
factor-sms = Text message
factor-email = Mail code
factor-named = { $factor }: { $name }

sms-second-factor-code = { $code } is your { $product } sign-in code. Never give it to anyone.
sms-number-code = { $code } is your { $product } code to confirm this number.

mail-security-button = Open security page
mail-report-not-you = If this wasn’t you, tell us: we sign out every device and stop the password from working. Then you choose a new one.

mail-second-factor-code-subject = { $product }: { $code } is your sign-in code
mail-second-factor-code-title = Your sign-in code
mail-second-factor-code-text = Type this code on the page of { $product } that asks for it:
mail-second-factor-code-valid =
    { $minutes ->
        [one] It works once, for 1 minute, on that page alone.
       *[other] It works once, for { $minutes } minutes, on that page alone.
    }
mail-second-factor-code-not-you = If you aren’t signing in now, somebody knows your password: change it. Never give this code to anyone.

mail-factor-added-subject = { $product }: a way to sign in was added
mail-factor-added-title = A way to sign in was added
mail-factor-added-text = You can now also confirm that it’s you at { $product } with:
mail-factor-added-not-you = If this wasn’t you, tell us: we take it away, sign out every device and stop the password from working.

mail-factor-removed-subject = { $product }: a way to sign in was removed
mail-factor-removed-title = A way to sign in was removed
mail-factor-removed-text = You can no longer confirm that it’s you at { $product } with:

mail-backup-codes-made-subject = { $product }: you have new backup codes
mail-backup-codes-made-title = You have new backup codes
mail-backup-codes-made-text = New backup codes were made for your account at { $product }. Any older ones no longer work.

mail-wrong-second-factor-subject = { $product }: a wrong code at your second step
mail-wrong-second-factor-title = A wrong code at your second step
mail-wrong-second-factor-text = Somebody typed the right password for your account at { $product }, and then a wrong code at the second step.
mail-wrong-second-factor-not-you = If you mistyped it, all is well. If it wasn’t you, somebody knows your password: choose a new one now.

security-good = Your account is well protected
security-improve =
    { $count ->
        [one] 1 thing to improve
       *[other] { $count } things to improve
    }
improve-removal = Your second steps are about to be removed: if it wasn’t you who asked for it, secure your account
improve-email = Confirm your address
improve-second_step = Add a second step or a passkey
improve-suspect_passkey = Remove a passkey that may have been copied
improve-stronger = Add a passkey or an authenticator app: messages can be intercepted
improve-another = Add a second way to sign in, in case you lose the only one
improve-codes = Save backup codes for the day you lose your phone
improve-few_codes = Make new backup codes before you run out
passkeys-no = No passkeys yet
second-steps = Second steps
factor-since = Added
factor-last-used = Last used
factor-never-used = Never used
factor-name = Name
factor-rename = Rename
factor-remove = Remove
factor-remove-lead = If you remove it, it no longer proves that it’s you, your other sessions end, and no device is trusted any more.
set-up = Set up
turn-on = Turn on
weaker = Weaker
app-add = Add an app
app-why = A code from an app on your phone, also without network
email-why = A code to your address; as safe as your mailbox
sms-why = A code to your phone; messages can be intercepted
backup-codes = Backup codes
codes-few = Few left
codes-left =
    { $count ->
        [0] None of 10 left
       *[other] { $count } of 10 left
    }
codes-made = made on
codes-none = None. They let you in on the day you lose your phone.
codes-unsaved = They wait to be saved, and don’t work before that.
codes-new = Make new codes
codes-save = Save them
security-more = Password and devices
trusted-devices = Trusted devices
trusted-devices-count =
    { $count ->
        [0] Every device is asked for your second step
        [one] 1 device isn’t asked for your second step
       *[other] { $count } devices aren’t asked for your second step
    }
trusted-devices-none = You have no second step that a device could be trusted without
security-secure-detail = Something looks wrong? We’ll go through it step by step.
security-secure-start = Start

phone-title = Codes by text message
phone-lead = We send a code to your phone whenever a second step is needed.
phone-number = Phone number
phone-hint = With its country, like +49 151 23456789.
phone-send = Send code
phone-sent = We’ve sent a code to { $receiver }. It works for 10 minutes.
phone-confirm = Confirm number
phone-other = Use another number
phone-current = Your number is
phone-replaced = A new one takes its place.
phone-change = Change number
phone-risk = Text messages can be intercepted, and numbers can be taken over. A passkey or an authenticator app is safer.
sending = Sending…
error-enter-phone = Enter your phone number
error-phone-format = Enter a mobile number with its country, like +49 151 23456789. Some numbers can’t be used

alert-factor-added = From now on it proves that it’s you.
    .title = Second step set up.
alert-factor-removed = Your other sessions have ended, and no device is trusted any more.
    .title = Second step removed.
alert-factor-renamed = The new name is in your list.
    .title = Renamed.
alert-factor-name = Choose a name that nothing else in this list has.
    .title = The name wasn’t changed.
alert-last-factor = Your account needs one. Add another one first.
    .title = This second step has to stay.
alert-backup-codes-saved = They work from now on; any older ones don’t.
    .title = Backup codes saved.
alert-code-sent = The one before it no longer works.
    .title = Another code is on its way.
dev-sms = Text message
