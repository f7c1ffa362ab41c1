# Sign in
sign-in = Sign in
sign-in-to = to continue to { $app }
go-on-to = You’ll go on to { $app }.
email = Email
password = Password
forgot-password = Forgot password?
remember =
    { $days ->
        [one] Keep me signed in on this device for 1 day
       *[other] Keep me signed in on this device for { $days } days
    }
signing-in = Signing in…
new-here = New here?
create-account = Create an account
continue-with = Continue with { $name }
enter-password = Enter your password
confirm-security = You’re about to change how you sign in.
choose-account = Choose an account
already-here-title = You’re already signed in
already-here = You signed in in another window while this page was waiting.
continue-as = Continue as { $name }
signed-out = Signed out
account-unsuitable = The app asks for a different account
use-another-account = Use another account
remove-account = Remove an account from this list
remove-from-list = Remove { $account } from the list

# Sign up
create-account-title = Create account
sign-up-to = to continue to { $app }
name = Name
email-hint = We’ll send a mail to confirm it.
creating-account = Creating account…
have-account = Already have an account?
sign-up-terms = By creating an account you accept the { $terms } and have read the { $privacy }.

# Mail codes and links
check-mail-title = Check your mail
verify-lead = We’ve sent a mail to { $address }. Open the link in it, or type the code here.
email-confirmed-title = Your address is confirmed
email-confirmed-lead = { $address } was confirmed in another window or on another device. Go on here.
code = Code
code-hint = 10 letters from the mail, like BCDFG‑HJKLM. Works on any device.
nothing-arrived = Nothing arrived?
resend = Send again
resend-wait = Send again in { $seconds } s
resend-note =
    { $seconds ->
        [one] You can ask again in 1 second.
       *[other] You can ask again in { $seconds } seconds.
    }
change-address = Change the address
spam-hint = It comes from { $sender }. Look in the spam folder too.
dev-mail-here = Development: open the caught mail
spam-hint-plain = It can take a few minutes. Look in the spam folder too.
link-verify-email = Confirm your address
link-verify-email-lead = You’re about to confirm { $address }.
link-verify-email-button = Confirm address
link-reset-password = Set a new password
link-reset-password-lead = You’re about to choose a new password for { $address }.
link-reset-password-button = Choose a password
link-sign-in = Sign in with this link
link-sign-in-lead = You’re about to sign in as { $address }.
link-sign-in-button = Sign in
link-not-you = Didn’t ask for this? Close the page – nothing has changed.
link-used-title = This link can’t be used any more
link-used-verify-email = It has been used already, or it’s too old. Your address may be confirmed: sign in, and if it isn’t, we send you a new link.
link-used-verify-email-button = Sign in
link-used-reset-password = It has been used already, or it’s too old. Get a new one – it takes a moment.
link-used-reset-password-button = Get a new link
link-used-sign-in = It has been used already, or it’s too old. Ask whoever gave it to you for a new one.
link-used-sign-in-button = Sign in
link-used-new-email = It has been used already, it’s too old, or a newer one was sent. You see your address under “Profile” and can change it there.
link-used-new-email-button = Change address
link-used-undo-email = The change was taken back already, or 7 days have passed. If somebody else may be in your account, reset your password.
link-used-undo-email-button = Reset password
link-used-cancel-deletion = Your account is kept already, a newer link was sent, or the time is over. Try to sign in.
link-used-cancel-deletion-button = Sign in
link-used-report = You’ve answered this already, or it’s more than 7 days old. If you said that it wasn’t you, your old password no longer works: sign in by “Forgot password?”. If something looks wrong, go through “Secure my account”.
link-used-report-button = Secure my account
link-used-factor-recovery = It has been used already, or it’s too old. Sign in: where your second step is asked for, you can start again.
link-used-factor-recovery-button = Sign in

# Forgotten and changed passwords
recover-title = Reset your password
recover-lead = Enter your email address and we’ll send you a link and a code.
recover-button = Reset password
back-to-sign-in = Back to sign in
recover-sent-lead = If there’s an account for { $address }, we’ve sent a mail. It can take a few minutes.
recover-code-hint = Open the link in the mail, or type its 10 letters here.
reset-title = Choose a new password
reset-lead = Other devices will be signed out.
reset-button = Save password
set-password-title = Choose your password
set-password-lead = Your address is confirmed. This isn’t the browser you signed up in, so please choose your password here.
new-password = New password
current-password = Current password
change-password = Change password
change-password-lead = for { $address }
sign-out-elsewhere = Sign out everywhere else
must-change-title = Choose a new password
must-change-temporary = Your current password was for one sign-in only.
must-change-breached = Your password has appeared in a data breach, so it’s no longer safe.
must-change-policy = Your password no longer meets the rules.
must-change-button = Save and continue

# Consent
an-application = An app
consent-title = Allow access
consent-heading = { $app } asks for access to your account
consent-host = The answer goes to { $host }
consent-will = This will allow the app to
consent-known =
    { $count ->
        [one] 1 thing you allowed before
       *[other] { $count } things you allowed before
    }
allow = Allow
deny = Deny
consent-note = We’ll remember your answer. You can take it back any time under “Apps” in your account.
consent-links = See the { $privacy } and { $terms } of { $app }.
consent-link = See the { $link } of { $app }.
scope-openid = Know who you are
scope-openid-detail = A number that stands for your account
scope-openid-short = Identity
scope-profile = See your profile
scope-profile-detail = Your name, picture and language
scope-profile-short = Profile
scope-email = See your email address
scope-email-detail = And whether it’s confirmed
scope-email-short = Email
scope-phone = See your phone number
scope-phone-detail = And whether it’s confirmed
scope-phone-short = Phone
scope-address = See your postal address
scope-address-detail = Street, place and country
scope-address-short = Address
scope-offline-access = Stay connected while you’re away
scope-offline-access-detail = Until you remove the access
scope-offline-access-short = Stays connected
scope-organization = See your organization
scope-organization-detail = Which organization you belong to, and your roles
scope-organization-short = Organization
scope-other = Use a permission of its own

# Signing out
sign-out = Sign out
sign-out-question = Sign out of { $product }?
sign-out-effect = You’ll be signed out on this device, and apps that use this sign-in will be told.
stay-signed-in = Stay signed in
signed-out-title = You’re signed out
signed-out-lead-one = Your session on this device has ended. The account below stays signed in.
signed-out-other = Still signed in here
signed-out-to-account = Continue to the account
signed-out-lead = Your session with { $product } on this device has ended.
signed-out-app = We’ve told it to sign you out
signed-out-maybe = Couldn’t be told – sign out there yourself, or wait a few minutes
signed-out-shared = On a shared computer, close all browser windows too.
back-to-app = Back to { $app }
sign-in-again = Sign in again

# Form post
form-post-title = Taking you back
form-post-lead = You’re on the way to { $app }. If nothing happens, continue by hand.
form-post-lead-plain = If nothing happens, continue by hand.
