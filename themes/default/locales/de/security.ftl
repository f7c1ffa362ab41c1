factor-webauthn = Passkey
factor-totp = Authenticator-App
factor-sms = SMS
factor-email = Code per E-Mail
factor-named = { $factor }: { $name }

sms-second-factor-code = { $code } ist Ihr Anmeldecode für { $product }. Geben Sie ihn niemandem.
sms-number-code = { $code } ist Ihr Code von { $product }, um diese Nummer zu bestätigen.

mail-security-button = Sicherheitsseite öffnen
mail-factor-not-you = Wenn Sie das nicht waren, kann vielleicht jemand anderes Ihr Konto benutzen. Sehen Sie sofort nach:

mail-second-factor-code-subject = { $product }: { $code } ist Ihr Anmeldecode
mail-second-factor-code-title = Ihr Anmeldecode
mail-second-factor-code-text = Geben Sie diesen Code auf der Seite von { $product } ein, die danach fragt:
mail-second-factor-code-valid =
    { $minutes ->
        [one] Er gilt einmal, 1 Minute lang und nur auf dieser Seite.
       *[other] Er gilt einmal, { $minutes } Minuten lang und nur auf dieser Seite.
    }
mail-second-factor-code-not-you = Wenn Sie sich gerade nicht anmelden, kennt jemand Ihr Passwort: Ändern Sie es. Geben Sie diesen Code niemandem.

mail-factor-added-subject = { $product }: neue Anmeldemethode
mail-factor-added-title = Eine Anmeldemethode wurde hinzugefügt
mail-factor-added-text = Ab jetzt lässt sich Ihr Konto bei { $product } auch hiermit nachweisen:

mail-factor-removed-subject = { $product }: Anmeldemethode entfernt
mail-factor-removed-title = Eine Anmeldemethode wurde entfernt
mail-factor-removed-text = Dies weist Ihr Konto bei { $product } nicht mehr nach:

mail-backup-codes-made-subject = { $product }: neue Ersatzcodes
mail-backup-codes-made-title = Sie haben neue Ersatzcodes
mail-backup-codes-made-text = Für Ihr Konto bei { $product } wurden neue Ersatzcodes erstellt. Die alten gelten nicht mehr.

mail-wrong-second-factor-subject = { $product }: Jemand kennt Ihr Passwort
mail-wrong-second-factor-title = Jemand kennt Ihr Passwort
mail-wrong-second-factor-text = Jemand hat das richtige Passwort für Ihr Konto bei { $product } eingegeben, ist dann aber am zweiten Schritt gescheitert. Die Anmeldung wurde verweigert.
mail-wrong-second-factor-not-you = Wenn Sie das waren, ist alles gut. Wenn nicht, wählen Sie jetzt ein neues Passwort:
