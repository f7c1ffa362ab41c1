mail-hello = Guten Tag { $name },
mail-hello-plain = Guten Tag,
mail-why = Diese E-Mail ging an { $address }, weil bei { $product } etwas veranlasst wurde. Sie lässt sich nicht abbestellen.
mail-why-optional = Diese E-Mail ging an { $address }, weil bei { $product } etwas veranlasst wurde. Solche E-Mails können Sie in Ihrem Konto abschalten.
mail-or-copy = Oder kopieren Sie diese Adresse in Ihren Browser:
mail-code-text = Auf einem anderen Gerät geben Sie stattdessen diesen Code ein:
mail-valid =
    { $minutes ->
        [one] Link und Code gelten einmal, 1 Minute lang.
       *[other] Link und Code gelten einmal, { $minutes } Minuten lang.
    }
mail-valid-link =
    { $minutes ->
        [one] Der Link gilt einmal, 1 Minute lang.
       *[other] Der Link gilt einmal, { $minutes } Minuten lang.
    }
mail-not-you-ignore = Falls Sie das nicht waren, beachten Sie diese E-Mail nicht – es ändert sich nichts.
fact-when = Wann
fact-device = Gerät
fact-where = Wo
fact-app = App

mail-verify-email-subject = { $product }: Bestätigen Sie Ihre Adresse
mail-verify-email-title = Bestätigen Sie Ihre Adresse
mail-verify-email-text = Jemand, hoffentlich Sie, hat diese Adresse bei { $product } angegeben. Bestätigen Sie, dass es Ihre ist:
mail-verify-email-button = Adresse bestätigen

mail-already-registered-subject = { $product }: Sie haben schon ein Konto
mail-already-registered-title = Sie haben schon ein Konto
mail-already-registered-text = Jemand, hoffentlich Sie, hat diese Adresse bei { $product } angegeben. Es gibt damit schon ein Konto, melden Sie sich einfach an:
mail-already-registered-forgot = Passwort vergessen?
mail-already-registered-not-you = Falls Sie das nicht waren, brauchen Sie nichts zu tun. Niemand hat erfahren, dass Sie ein Konto haben.

mail-recover-subject = { $product }: Setzen Sie Ihr Passwort zurück
mail-recover-title = Setzen Sie Ihr Passwort zurück
mail-recover-text = Jemand, hoffentlich Sie, hat für Ihr Konto bei { $product } ein neues Passwort angefordert. Wählen Sie hier eines:
mail-recover-button = Passwort zurücksetzen
mail-recover-not-you = Falls Sie das nicht waren, beachten Sie diese E-Mail nicht – Ihr Passwort bleibt, wie es ist.

mail-recover-unknown-subject = { $product }: kein Konto mit dieser Adresse
mail-recover-unknown-title = Es gibt kein Konto mit dieser Adresse
mail-recover-unknown-text = Jemand, hoffentlich Sie, hat bei { $product } ein neues Passwort angefordert. Für diese Adresse gibt es kein Konto.
mail-recover-unknown-other = Vielleicht haben Sie sich mit einer anderen Adresse registriert – versuchen Sie es mit dieser.
mail-recover-unknown-register = Oder erstellen Sie ein Konto:

mail-password-changed-subject = { $product }: Ihr Passwort wurde geändert
mail-password-changed-title = Ihr Passwort wurde geändert
mail-password-changed-text = Das Passwort Ihres Kontos bei { $product } wurde geändert.
mail-password-changed-everywhere = Alle anderen Geräte wurden abgemeldet.
