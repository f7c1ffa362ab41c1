factor-webauthn = Passkey
factor-totp = Authenticator app
factor-sms = Text message
factor-email = Mail code
factor-named = { $factor }: { $name }

sms-second-factor-code = { $code } is your { $product } sign-in code. Never give it to anyone.
sms-number-code = { $code } is your { $product } code to confirm this number.

mail-security-button = Open security page
mail-factor-not-you = If this wasn’t you, somebody may be able to use your account. Look at it at once:

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
mail-factor-added-text = From now on, your account at { $product } can also be proven with:

mail-factor-removed-subject = { $product }: a way to sign in was removed
mail-factor-removed-title = A way to sign in was removed
mail-factor-removed-text = This no longer proves your account at { $product }:

mail-backup-codes-made-subject = { $product }: you have new backup codes
mail-backup-codes-made-title = You have new backup codes
mail-backup-codes-made-text = New backup codes were made for your account at { $product }. The old ones no longer work.

mail-wrong-second-factor-subject = { $product }: somebody knows your password
mail-wrong-second-factor-title = Somebody knows your password
mail-wrong-second-factor-text = Somebody typed the right password for your account at { $product }, but then failed at the second step. They weren’t let in.
mail-wrong-second-factor-not-you = If that was you, all is well. If not, choose a new password now:
