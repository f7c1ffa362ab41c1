locale-name = English

# Dates and times
date = { $day } { $month } { $year }
datetime = { $date }, { $time } { $zone }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
ago-now = just now
ago-minutes =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days =
    { $count ->
        [one] yesterday
       *[other] { $count } days ago
    }

# Frame
title-error = Error:
skip-to-content = Skip to content
help = Help
privacy = Privacy
terms = Terms
privacy-policy = privacy policy
terms-of-service = terms of service
language = Language:
colors = Appearance
colors-auto = Automatic
colors-light = Light
colors-dark = Dark
need-help = Need help?
contact-support = Contact support

# Buttons and small words
continue = Continue
cancel = Cancel
remove = Remove
manage = Manage
or = or
more = More
copy = Copy
copied = Copied
one-moment = One moment…
checking = Checking…
saving = Saving…
reference = Reference
time = Time
not-you = Not you?

# Notices
alert-wrong-credentials = Check your email and password, or try another way.
    .title = We couldn’t sign you in.
alert-wrong-password = Check it, or reset it if you’ve forgotten it.
    .title = That’s not your password.
alert-throttled =
    { $minutes ->
        [one] Wait 1 minute, or reset your password now.
       *[other] Wait { $minutes } minutes, or reset your password now.
    }
    .title = Too many tries.
alert-check-fields = Please check what’s marked:
    .title = Almost there.
alert-wrong-mail-code = Check the newest mail from us, or ask for another one.
    .title = That code didn’t work.
alert-wrong-code = Codes change every 30 seconds – check that your phone’s clock is right.
    .title = That code didn’t work.
alert-link-used-up = Get a new one – it takes a moment.
    .title = This link can’t be used any more.
alert-flow-expired = Sign in to go on.
    .title = The page waited too long, so we started again.
alert-session-ended = Sign in again to go on.
    .title = You’ve been signed out to keep your account safe.
alert-policy-network = You’re connecting from { $ip }.
    .title = { $organization } allows sign-in only from certain networks.
alert-other-account-needed = Sign in with the account that the app asks for.
    .title = This needs another account.
alert-sign-in-again = Then we’ll take you back.
    .title = Please confirm it’s you.
alert-confirm-new-address = Use your present address here, not the new one. Then enter the code from the mail.
    .title = Sign in to confirm your new address.
alert-confirm-email = We’ve sent you a mail with a link and a code.
    .title = Confirm your address first.
alert-mail-sent = It can take a few minutes to arrive.
    .title = We’ve sent another mail.
alert-password-reset = Sign in with the new one.
    .title = Your password is set.
alert-password-changed = We’ve sent you a mail about it.
    .title = Your password is changed.
alert-password-changed-everywhere = All other devices are signed out.
    .title = Your password is changed.
alert-email-verified = Go on where you began, or sign in here.
    .title = Your address is confirmed.
alert-email-verified-elsewhere = Sign in with the password you chose when you confirmed it.
    .title = Your address is confirmed.
alert-session-ended-by-you = Apps there may take up to 5 minutes to notice.
    .title = Signed out on that device.
alert-other-sessions-ended =
    { $count ->
        [one] 1 device was signed out.
       *[other] { $count } devices were signed out.
    }
    .title = Only this device is still signed in.
alert-access-removed = If you sign in to it again, it gets access again.
    .title = { $app } can no longer use your account.

# Fields
error-enter-identifier = Enter your email address
error-enter-email = Enter your email address
error-email-format = Enter an email address like name@example.com
error-enter-name = Enter your name
error-enter-password = Enter your password
error-enter-new-password = Enter a new password
error-choose-password = Choose a password
error-enter-code = Enter the code from the mail
error-wrong-code = This code doesn’t match
error-wrong-current-password = This isn’t your current password
error-time-zone = Choose a time zone from the list, like Europe/Berlin
error-too-short =
    { $min ->
        [one] Use at least 1 character
       *[other] Use at least { $min } characters
    }
error-too-long =
    { $max ->
        [one] Use at most 1 character
       *[other] Use at most { $max } characters
    }
error-common-password = This password is used by many people and easy to guess. Choose another one
error-breached-password = This password has appeared in a data breach. Choose one you use nowhere else
error-personal-password = Don’t build the password from your name, your address or our name
error-weak-password = This password is easy to guess. Add two more words
error-reused-password = You’ve used this password before. Choose a new one
error-same-password = This is the password you have now. Choose a new one

# Passwords
show-password = Show password
hide-password = Hide password
caps-lock-on = Caps Lock is on
rule-length =
    { $min ->
        [one] At least 1 character – spaces and every alphabet are welcome
       *[other] At least { $min } characters – spaces and every alphabet are welcome
    }
rule-uncommon = Not a common password, and not one from a data breach
rule-advice = Best: let a password manager make one, or join a few unrelated words
meter-label = Strength:
meter-very-weak = Very weak
meter-weak = Weak
meter-fair = Fair
meter-good = Good
meter-strong = Strong
suggest-add-words = Add two more words.
suggest-avoid-repeats = Avoid repeated words and characters.
suggest-avoid-sequences = Avoid runs like abc or 6543.
suggest-avoid-dates = Avoid dates and years.
suggest-avoid-names = Avoid names.
suggest-avoid-keyboard = Avoid rows of neighbouring keys.
suggest-avoid-swaps = Swaps like @ for a help very little.
