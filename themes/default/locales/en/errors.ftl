way-retry = Try again
way-start-again = Start again
way-sign-in = Sign in
way-back-to-app = Back to the app
way-account = Go to your account
way-continue = Continue
technical-details = Technical details

http-400 = Go back and try again. If you followed a link, it may be cut off.
    .title = We couldn’t understand that request
http-403 = If you need it, ask your administrator.
    .title = You don’t have access to this page
http-404 = The address may be mistyped, or the page has moved.
    .title = There’s no page here
http-405 = Go back and use the button on the page.
    .title = This page can’t be used that way
http-409 = Reload the page to see how it looks now.
    .title = Something changed in the meantime
http-410 = Get a new one – it takes a moment.
    .title = This link can’t be used any more
http-413 = Send less, or send it in parts.
    .title = That was too much at once
http-429 = Wait a moment, then try again.
    .title = Too many tries
http-500 = Nothing was changed. Try again, or give this number to support:
    .plain = Nothing was changed. Try again.
    .title = Something went wrong on our side
http-503 = Nothing was changed. Try again in a minute.
    .title = We’re not available right now

flow-expired = Start again – you’ll get back to { $app }.
    .title = This page waited too long
flow-expired-plain = Start again – you’ll get back to where you were going.
already-signed-in = You’ve signed in in another tab. There’s nothing left to do here.
    .title = You’re already signed in
cookies-blocked = { $product } keeps your sign-in in a cookie of its own. Allow cookies for this site in your browser, then try again.
    .title = Your browser blocks cookies
tab-finished = You finished signing in in another tab, or went back to it. There’s nothing left to do here.
    .title = This sign-in is done
app-misconfigured = { $app } sent us something we can’t accept. This isn’t your fault.
    .number = Give this number to the app’s support:
    .title = The app’s settings are wrong
developer-title = For the app’s developer
developer-only = Not shown in production
uri-received = Received
uri-registered =
    { $count ->
        [0] Registered: none
        [one] Registered
       *[other] Registered, { $count } addresses
    }
app-register = To register it (an app that was applied a moment ago takes a few seconds)
uri-fix = To accept it
open-app-settings = Open the app’s settings
wrong-host = You opened { $opened }, but this server is set up as { $address }.
    .title = This isn’t the right address
wrong-host-operator = If you run this server: set { $setting } to the address that people open.
open-address = Open { $address }
throttled =
    { $minutes ->
        [one] Wait 1 minute, or reset your password now.
       *[other] Wait { $minutes } minutes, or reset your password now.
    }
    .title = Too many tries
throttled-wait =
    { $minutes ->
        [one] Wait 1 minute, then try again.
       *[other] Wait { $minutes } minutes, then try again.
    }
reset-my-password = Reset password
locked = { $organization } has paused it. Your administrator can tell you why and open it again.
    .title = This account can’t sign in right now
address-taken = { $address } belongs to another account at { $product } by now, so it can’t be yours again yet. Everybody is signed out of your account, what somebody else set up there is removed, and nobody can sign in to it. Nothing of yours is lost.
    .title = Your account is closed for now
    .ask = Ask your administrator, and give them this number. Keep our mail: once the address is free, its button opens your account again.
