# Second step of a sign-in
mfa-title = Bestätigen Sie, dass Sie es sind
mfa-to-change = Sie sind dabei, Ihre Anmeldung zu ändern.
mfa-code = 6-stelliger Code
mfa-verify = Bestätigen
mfa-totp-hint = Öffnen Sie in Ihrer Authenticator-App den Eintrag „{ $app }“ und geben Sie den Code ein.
mfa-totp-hint-any = Öffnen Sie Ihre Authenticator-App und geben Sie den Code ein.
mfa-email-hint = Wir haben einen Code an { $receiver } geschickt. Er gilt 10 Minuten.
mfa-sms-hint = Wir haben einen Code an { $receiver } geschickt. Er gilt 10 Minuten.
mfa-email-lead = Wir schicken Ihnen einen Code per E-Mail, sobald ein zweiter Schritt nötig ist.
mfa-email-offer = Wir schicken einen Code an { $receiver }.
mfa-sms-offer = Wir schicken einen Code per SMS an { $receiver }.
mfa-send = Code senden
mfa-webauthn-hint = Entsperren Sie Ihr Gerät wie gewohnt, oder berühren Sie Ihren Sicherheitsschlüssel.
mfa-webauthn-script = Passkeys brauchen JavaScript. Schalten Sie es ein, oder wählen Sie unten einen anderen Weg.
mfa-webauthn-button = Passkey verwenden
mfa-backup-code = Backup-Code
mfa-backup-code-hint = Einer der Codes, die Sie gespeichert haben, etwa k3mz‑9x2p‑7wqa‑t5rh. Jeder gilt einmal.
mfa-trust =
    { $days ->
        [one] Auf diesem Gerät 1 Tag lang nicht mehr fragen
       *[other] Auf diesem Gerät { $days } Tage lang nicht mehr fragen
    }
mfa-other-ways = Andere Wege
mfa-another-way = Anderen Weg wählen
mfa-choose-title = Wie möchten Sie sich bestätigen?
mfa-recommended = Empfohlen
mfa-back = Zurück
mfa-way-webauthn = Passkey oder Sicherheitsschlüssel
mfa-way-totp = Authenticator-App
mfa-way-email = Code per E-Mail
mfa-way-sms = Code per SMS
mfa-way-backup_code = Backup-Code
mfa-why-webauthn = Am schnellsten und sicher vor Phishing
mfa-why-totp = Ein Code aus einer App, auch ohne Netz
mfa-why-email = So sicher wie Ihr Postfach
mfa-why-sms = Schwächer: SMS können abgefangen werden
mfa-why-backup_code = Einer der Codes, die Sie gespeichert haben
mfa-codes-left =
    { $count ->
        [one] 1 von 10 übrig
       *[other] { $count } von 10 übrig
    }

# Everything lost
mfa-lost-link = Ich kann nichts davon verwenden
mfa-lost-link-only = Ich kann das nicht verwenden
mfa-lost-title = Sie kommen nicht weiter?
mfa-lost-lead = Es gibt immer einen Weg zurück. Er dauert länger, je weniger Sie zur Hand haben:
mfa-lost-codes = Einen Backup-Code verwenden
mfa-lost-codes-detail = Sie haben 10 davon bekommen, als Sie den zweiten Schritt eingerichtet haben. Sehen Sie im Passwortmanager, in den Downloads oder Ihren Unterlagen nach.
mfa-lost-wait =
    { $hours ->
        [one] Den zweiten Schritt nach 1 Stunde entfernen
       *[other] Den zweiten Schritt nach { $hours } Stunden entfernen
    }
mfa-lost-wait-detail = Sie bestätigen es per E-Mail. Wir warten und sagen Ihnen Bescheid, damit niemand das hinter Ihrem Rücken tut.
mfa-lost-admin = Ihre Administration fragen
mfa-lost-admin-detail = Sie kann prüfen, wer Sie sind, und den zweiten Schritt entfernen.
mfa-lost-button = Entfernen per E-Mail beginnen
mfa-lost-sent = Wir haben eine E-Mail an { $address } geschickt. Öffnen Sie den Link darin, damit die Wartezeit beginnt.
mfa-lost-next =
    { $hours ->
        [one] 1 Stunde danach werden Ihre zweiten Schritte entfernt, und Sie melden sich mit dem Passwort an.
       *[other] { $hours } Stunden danach werden Ihre zweiten Schritte entfernt, und Sie melden sich mit dem Passwort an.
    }
mfa-lost-waiting = Ihre zweiten Schritte werden am { $at } entfernt. Melden Sie sich dann mit dem Passwort an und richten Sie einen neuen ein.
mfa-lost-cancel = Telefon wiedergefunden? Wenn Sie sich damit anmelden, wird das abgebrochen.
mfa-on-hold-title = Ihre zweiten Schritte ruhen.
mfa-on-hold = Jemand hat dazu „Das war ich nicht“ angegeben. Wenn es Ihre sind, verwenden Sie jetzt einen davon, dann bleiben alle. Wenn nicht, kommen Sie nach dem { $at } wieder: Dann sind sie entfernt, und Ihr Passwort genügt.
mfa-recovery-title = Zweite Schritte entfernen
mfa-recovery-lead =
    { $hours ->
        [one] In 1 Stunde werden alle zweiten Schritte von { $address } entfernt, und Sie werden überall abgemeldet.
       *[other] In { $hours } Stunden werden alle zweiten Schritte von { $address } entfernt, und Sie werden überall abgemeldet.
    }
mfa-recovery-button = Wartezeit beginnen
mfa-recovery-started-title = Die Wartezeit läuft
mfa-recovery-cancel-title = Zweite Schritte behalten
mfa-recovery-cancel-lead = Sie sind dabei, das Entfernen der zweiten Schritte von { $address } abzubrechen.
mfa-recovery-cancel-button = Behalten
mfa-recovery-cancelled-title = Es wird nichts entfernt
mfa-recovery-cancelled = Wenn Sie das nicht verlangt haben, kennt vielleicht jemand Ihr Passwort. Ändern Sie es jetzt.

# Setting one up
mfa-enrol-title = Zweiten Schritt einrichten
mfa-enrol-required = { $organization } bittet alle, einen zweiten Schritt einzurichten.
mfa-enrol-app = { $app } verlangt einen zweiten Schritt. Sie richten ihn einmal ein.
mfa-enrol-until = Sie können das bis { $date } überspringen.
mfa-enrol-nothing = Hier können Sie nichts einrichten. Bitten Sie Ihre Administration um Hilfe.
mfa-skip = Jetzt nicht
mfa-totp-title = Authenticator-App einrichten
mfa-totp-lead = Jede App ist geeignet, und die meisten Passwortmanager auch.
mfa-scan = Mit der App scannen
mfa-qr-alt = QR-Code mit dem Schlüssel für { $account }. Der Schlüssel lässt sich auch eintippen, siehe „Scannen geht nicht?“.
mfa-open-here = Auf diesem Gerät öffnen
mfa-no-scan = Scannen geht nicht?
mfa-key-lead = Geben Sie diesen Schlüssel in die App ein:
mfa-key-issuer = Name
mfa-key-account = Konto
mfa-key-kind = Art des Codes
mfa-key-kind-totp = Zeitbasiert, 6 Ziffern
mfa-name = Benennen
mfa-name-hint = Damit Sie sie später wiedererkennen.
mfa-type-code = Code eingeben
mfa-type-code-hint = Die 6 Ziffern, die die App jetzt zeigt.
mfa-totp-button = App hinzufügen

# Backup codes
mfa-codes-title = Backup-Codes speichern
mfa-codes-after = Ihr zweiter Schritt ist eingerichtet. Falls Sie ihn verlieren, hilft einer dieser Codes.
mfa-codes-new = Falls Sie Ihren zweiten Schritt verlieren, hilft einer dieser Codes.
mfa-codes-once = Jeder Code gilt einmal. Wir zeigen sie nicht noch einmal.
mfa-codes-download = Herunterladen
mfa-codes-print = Drucken
mfa-codes-saved = Ich habe sie gespeichert
mfa-done = Fertig
mfa-file-title = Backup-Codes für { $product }
mfa-file-account = Konto: { $account }
mfa-file-made = Erstellt: { $date }
mfa-file-once = Jeder Code gilt einmal.
mfa-file-name = backup-codes

# Notices
alert-clock-skewed =
    { $minutes ->
        [one] Die Uhr Ihres Telefons geht um etwa 1 Minute falsch. Stellen Sie sie auf automatische Zeit und geben Sie den neuen Code ein.
       *[other] Die Uhr Ihres Telefons geht um etwa { $minutes } Minuten falsch. Stellen Sie sie auf automatische Zeit und geben Sie den neuen Code ein.
    }
    .title = Der Code galt für eine andere Zeit.
alert-wrong-backup-code = Prüfen Sie die Eingabe, oder nehmen Sie einen anderen: Jeder gilt einmal.
    .title = Dieser Backup-Code ging nicht.
alert-wrong-sent-code = Geben Sie den neuesten ein, oder lassen Sie einen weiteren senden. Ein Code gilt 10 Minuten und nur auf dieser Seite.
    .title = Dieser Code ging nicht.
alert-too-many-codes =
    { $minutes ->
        [one] Warten Sie 1 Minute. Das gilt auch für andere Wege.
       *[other] Warten Sie { $minutes } Minuten. Das gilt auch für andere Wege.
    }
    .title = Zu viele falsche Codes.
alert-too-many-sent =
    { $minutes ->
        [one] Warten Sie 1 Minute auf einen weiteren. Der neueste gilt noch, und jeder andere Weg geht auch.
       *[other] Warten Sie { $minutes } Minuten auf einen weiteren. Der neueste gilt noch, und jeder andere Weg geht auch.
    }
    .title = Es wurden zu viele Codes gesendet.
alert-way-not-available = Wählen Sie einen anderen.
    .title = Dieser Weg geht gerade nicht.
alert-too-many-factors = Entfernen Sie eine, die Sie nicht mehr brauchen.
    .title = Mehr Apps kann ein Konto nicht haben.
error-enter-app-code = Geben Sie die 6 Ziffern ein
error-enter-backup-code = Geben Sie einen Ihrer Backup-Codes ein
error-tick-saved = Speichern Sie zuerst die Codes, dann haken Sie das Feld an

# Mails
mail-backup-code-used-subject = { $product }: Ein Backup-Code wurde verwendet
mail-backup-code-used-title = Ein Backup-Code wurde verwendet
mail-backup-code-used-text = Jemand hat sich mit einem Ihrer Backup-Codes bei Ihrem Konto bei { $product } angemeldet.
mail-backup-code-used-left =
    { $count ->
        [0] Es ist kein Code mehr übrig.
        [one] 1 Code ist übrig.
       *[other] { $count } Codes sind übrig.
    }
mail-backup-code-used-few = Erstellen Sie neue, bevor sie Ihnen ausgehen.
mail-backup-code-used-button = Sicherheit öffnen
mail-factor-recovery-subject = { $product }: zweite Schritte entfernen?
mail-factor-recovery-title = Zweite Schritte entfernen?
mail-factor-recovery-text = Jemand, der das Passwort Ihres Kontos bei { $product } kennt, kommt nicht über den zweiten Schritt und bittet, ihn zu entfernen. Wenn Sie das waren, öffnen Sie diesen Link:
mail-factor-recovery-button = Weiter
mail-factor-recovery-not-you = Wenn Sie das nicht waren, öffnen Sie den Link nicht und ändern Sie Ihr Passwort: Jemand kennt es.
mail-factor-recovery-waiting-subject = { $product }: Ihre zweiten Schritte werden entfernt
mail-factor-recovery-waiting-title = Ihre zweiten Schritte werden entfernt
mail-factor-recovery-waiting-text = Alle zweiten Schritte Ihres Kontos bei { $product } werden am { $at } entfernt. Sie werden überall abgemeldet und melden sich dann mit dem Passwort an.
mail-factor-recovery-waiting-not-you = Wenn Sie das nicht verlangt haben oder Ihr Telefon wiedergefunden haben, brechen Sie es ab:
mail-factor-recovery-waiting-button = Zweite Schritte behalten
mail-factor-recovery-cancelled-subject = { $product }: Ihre zweiten Schritte bleiben
mail-factor-recovery-cancelled-title = Ihre zweiten Schritte bleiben
mail-factor-recovery-cancelled-text = Das Entfernen der zweiten Schritte Ihres Kontos bei { $product } wurde abgebrochen. Wenn nicht Sie es verlangt oder abgebrochen haben, ändern Sie Ihr Passwort.
mail-factors-on-hold-subject = { $product }: Ihre zweiten Schritte ruhen
mail-factors-on-hold-title = Ihre zweiten Schritte ruhen
mail-factors-on-hold-text = Jemand hat auf eine unserer E-Mails mit „Das war ich nicht“ geantwortet und außer diesem Postfach nichts vorgewiesen. Es geht um Ihr Konto bei { $product }. Alle Geräte wurden abgemeldet, und die eingerichteten zweiten Schritte öffnen allein nichts mehr.
mail-factors-on-hold-keep = Wenn es Ihre sind, wählen Sie ein neues Passwort, melden Sie sich an und verwenden Sie einen davon: Dann bleiben sie.
mail-factors-on-hold-wait = Wenn es nicht Ihre sind, wählen Sie ein neues Passwort und melden Sie sich nach dem { $at } damit an: Dann sind sie entfernt.
mail-factors-removed-subject = { $product }: Ihre zweiten Schritte wurden entfernt
mail-factors-removed-title = Ihre zweiten Schritte wurden entfernt
mail-factors-removed-text = Die Wartezeit ist um: Alle zweiten Schritte Ihres Kontos bei { $product } wurden entfernt, und Sie wurden überall abgemeldet. Melden Sie sich mit dem Passwort an und richten Sie einen neuen ein.
