mail-hello = Hello { $name },
mail-hello-plain = Hello,
mail-why = This mail was sent to { $address } because of something done at { $product }. It can’t be switched off.
mail-why-optional = This mail was sent to { $address } because of something done at { $product }. You can switch such mails off in your account.
mail-or-copy = Or copy this address into your browser:
mail-code-text = On another device, type this code instead:
mail-valid =
    { $minutes ->
        [one] Link and code work once, for 1 minute.
       *[other] Link and code work once, for { $minutes } minutes.
    }
mail-valid-link =
    { $minutes ->
        [one] The link works once, for 1 minute.
       *[other] The link works once, for { $minutes } minutes.
    }
mail-not-you-ignore = If this wasn’t you, ignore this mail – nothing will change.
fact-when = When
fact-device = Device
fact-where = Where
fact-app = App

mail-verify-email-subject = { $product }: confirm your address
mail-verify-email-title = Confirm your address
mail-verify-email-text = Somebody, hopefully you, entered this address at { $product }. Confirm that it’s yours:
mail-verify-email-button = Confirm address

mail-already-registered-subject = { $product }: you already have an account
mail-already-registered-title = You already have an account
mail-already-registered-text = Somebody, hopefully you, entered this address at { $product }. There is an account with it already, so just sign in:
mail-already-registered-forgot = Forgot the password?
mail-already-registered-not-you = If this wasn’t you, there’s nothing to do. Nobody has learned that you have an account.

mail-recover-subject = { $product }: reset your password
mail-recover-title = Reset your password
mail-recover-text = Somebody, hopefully you, asked for a new password for your account at { $product }. Choose one here:
mail-recover-button = Reset password
mail-recover-not-you = If this wasn’t you, ignore this mail – your password stays as it is.

mail-recover-unknown-subject = { $product }: no account with this address
mail-recover-unknown-title = There’s no account with this address
mail-recover-unknown-text = Somebody, hopefully you, asked for a new password at { $product }. There is no account for this address.
mail-recover-unknown-other = Perhaps you signed up with another address – try that one.
mail-recover-unknown-register = Or create an account:

mail-password-changed-subject = { $product }: your password was changed
mail-password-changed-title = Your password was changed
mail-password-changed-text = The password of your account at { $product } was changed.
mail-password-changed-everywhere = All other devices were signed out.
